"""Block lists for list managers: what waits and why, two people for a hold, the kill switch, a dry run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from aduan.accounts.roles import Permission
from aduan.blocklists import queries, services
from aduan.blocklists.models import BlockList, Kind, Outcome, PublicationStop
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import DomainError
from aduan.core.models import AuditLogEntry
from aduan.core.periods import last_ended
from aduan.operators.models import Operator
from portal.common import signin
from portal.staff.rendering import render_staff_page, staff_user, user_names
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, HttpResponseBase

ROWS_SHOWN = 100
# What a reason to hold means, for people; the codes come from aduan.blocklists.stop_rules and checking.
REASONS = {
    "too_many_additions": gettext_lazy("Unusually many additions"),
    "empty": gettext_lazy("The list is empty, the one before was not"),
    "shrunk": gettext_lazy("Unusually many removals"),
    "prefix_block": gettext_lazy("Many additions in one block of numbers"),
    "strange_category": gettext_lazy("A category that cannot be written into the files"),
    "wrong_shape": gettext_lazy("Numbers of an impossible length or form"),
    "wrong_operator": gettext_lazy("Numbers in another operator's range"),
    "unassigned": gettext_lazy("Numbers in a range that nobody holds"),
    "canary_assigned": gettext_lazy("A canary number lies in an assigned range"),
    "not_two_people": gettext_lazy("Numbers that two people did not decide"),
    "objection": gettext_lazy("Numbers with an open objection"),
    "protected": gettext_lazy("Protected numbers"),
}


@staff_page(
    "daftar/", name="lists", permission=Permission.VIEW_LISTS, title=gettext_lazy("Lists"), menu_order=40
)
@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    known = BlockList.objects.select_related("operator", "released_by")
    context = {
        "title": _("Block lists"),
        "waiting": known.filter(state__in=[BlockList.State.HELD, BlockList.State.COOLING]).order_by("id"),
        "published": known.filter(state=BlockList.State.PUBLISHED)[:ROWS_SHOWN],
        "stop": services.stopped(),
        "operators": Operator.objects.exclude(kind=Operator.Kind.OTT),
        "may_release": staff_user(request).has_permission(Permission.RELEASE_LISTS),
        "expiring": services.expiring(at=timezone.now()),
    }
    return render_staff_page(request, "staff/lists.html", context)


@staff_page("daftar/<int:key>/", name="block_list", permission=Permission.VIEW_LISTS)
@require_safe
def block_list(request: HttpRequest, key: int) -> HttpResponse:
    one = get_object_or_404(BlockList.objects.select_related("operator", "released_by"), pk=key)
    published = one.state == BlockList.State.PUBLISHED
    context = {
        "title": f"{one.operator} {queries.name_of(one)}",
        "one": one,
        "reasons": [_reason(reason) for reason in one.hold_reasons],
        "releasable": all(reason["releasable"] for reason in one.hold_reasons),
        "files": queries.files_of(one),
        "downloads": one.downloads.select_related("by", "access_key")[:50],
        "open_numbers": queries.open_numbers(one, limit=20) if published else [],
        "journal": _journal(one),
        "may_release": staff_user(request).has_permission(Permission.RELEASE_LISTS),
    }
    return render_staff_page(request, "staff/block_list.html", context)


@staff_page("daftar/<int:key>/lepas/", name="release_hold", permission=Permission.RELEASE_LISTS)
@signin.step_up
@require_POST
def release_hold(request: HttpRequest, key: int) -> HttpResponseBase:
    one = get_object_or_404(BlockList, pk=key)
    done = _("Released. It goes out when two people have released it and its time to cool off is over.")
    act = lambda: services.release_hold(one, by=staff_user(request), at=timezone.now())  # noqa: E731
    return _said(request, act, done, to=("staff:block_list", key))


@staff_page("daftar/<int:key>/tolak/", name="reject_list", permission=Permission.RELEASE_LISTS)
@signin.step_up
@require_POST
def reject_list(request: HttpRequest, key: int) -> HttpResponseBase:
    one = get_object_or_404(BlockList, pk=key)
    reason = request.POST.get("reason", "")
    act = lambda: services.reject(one, by=staff_user(request), at=timezone.now(), reason=reason)  # noqa: E731
    return _said(request, act, _("The list was rejected."), to=("staff:block_list", key))


@staff_page("daftar/hentikan/", name="stop_publication", permission=Permission.RELEASE_LISTS)
@require_POST
def stop_publication(request: HttpRequest) -> HttpResponseBase:
    reason = request.POST.get("reason", "")
    act = lambda: services.stop_publication(by=staff_user(request), at=timezone.now(), reason=reason)  # noqa: E731
    return _said(request, act, _("Publication is stopped. Removals still go out."), to=("staff:lists",))


@staff_page("daftar/lanjutkan/<int:key>/", name="lift_stop", permission=Permission.RELEASE_LISTS)
@signin.step_up
@require_POST
def lift_stop(request: HttpRequest, key: int) -> HttpResponseBase:
    stop = get_object_or_404(PublicationStop, pk=key)
    act = lambda: services.lift_stop(stop, by=staff_user(request), at=timezone.now())  # noqa: E731
    return _said(request, act, _("Publication runs again."), to=("staff:lists",))


@staff_page("daftar/uji-coba/", name="dry_run", permission=Permission.VIEW_LISTS)
@require_safe
def dry_run(request: HttpRequest) -> HttpResponse:
    """What the next monthly list would hold, against the newest published one. Nothing is written."""
    operator = get_object_or_404(Operator, code=request.GET.get("operator", ""))
    now = timezone.now()
    seen = services.dry_run(operator, period=last_ended(now), kind=Kind.MONTHLY, at=now)
    context = {
        "title": _("Dry run: %(operator)s") % {"operator": operator},
        "seen": seen,
        "reasons": [_reason(reason) for reason in seen.reasons],
        "before": queries.latest(operator),
    }
    return render_staff_page(request, "staff/dry_run.html", context)


@staff_page(
    "penolakan/",
    name="operator_refusals",
    permission=Permission.DECIDE,
    title=gettext_lazy("Operators' refusals"),
    menu_order=72,
)
@require_safe
def operator_refusals(request: HttpRequest) -> HttpResponse:
    open_ones = Outcome.objects.filter(answer=Outcome.Answer.REFUSED, settled_at=None)
    rows = open_ones.select_related("operator", "block_list").order_by("reported_at")[:ROWS_SHOWN]
    return render_staff_page(
        request, "staff/operator_refusals.html", {"title": _("Operators' refusals"), "rows": rows}
    )


@staff_page("penolakan/<int:key>/", name="settle_refusal", permission=Permission.DECIDE)
@require_POST
def settle_refusal(request: HttpRequest, key: int) -> HttpResponseBase:
    outcome = get_object_or_404(Outcome, pk=key)
    act = lambda: services.settle_refusal(outcome, by=staff_user(request), at=timezone.now())  # noqa: E731
    return _said(request, act, _("Settled."), to=("staff:operator_refusals",))


def _journal(one: BlockList) -> list[dict[str, Any]]:
    entries = list(AuditLogEntry.objects.filter(subject=f"block_list:{one.pk}"))
    names = user_names(entry.actor for entry in entries) | {"system": _("the system")}
    return [
        {
            "at": entry.at,
            "words": AuditAction(entry.action).label,
            "who": names.get(entry.actor, entry.actor),
        }
        for entry in entries
    ]


def _reason(reason: dict[str, Any]) -> dict[str, Any]:
    return {**reason, "text": REASONS.get(reason["code"], reason["code"])}


def _said(
    request: HttpRequest, act: Callable[[], object], done: str, *, to: tuple[Any, ...]
) -> HttpResponseBase:
    try:
        act()
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, done)
    return redirect(*to)
