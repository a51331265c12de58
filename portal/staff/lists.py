"""Block lists for list managers: stopped lists and their reasons, the kill switch, a dry run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aduan.accounts.queries import count_waiting_approvals
from aduan.accounts.roles import Permission
from aduan.blocklists import queries, services, tuf_metadata
from aduan.blocklists.codes import StopReason
from aduan.blocklists.models import BlockList, ListType, Outcome, PublicationStop
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import DomainError
from aduan.core.models import AuditLogEntry
from aduan.core.periods import last_ended
from aduan.operators.models import Operator
from portal.common import signin
from portal.common.methods import post_only
from portal.staff.audit_subjects import name_subjects
from portal.staff.refusals import say_refused
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse, HttpResponseBase
    from django_stubs_ext import StrOrPromise

ROWS_SHOWN = 100
# The pages of the TUF repository that the ministry signs; each operator has one of its own besides.
TUF_PAGES: Final[dict[str, StrOrPromise]] = {
    tuf_metadata.ROOT: gettext_lazy("the page of keys"),
    tuf_metadata.TARGETS: gettext_lazy("the page of operators"),
    tuf_metadata.SNAPSHOT: gettext_lazy("the page of versions"),
    tuf_metadata.TIMESTAMP: gettext_lazy("the hourly page"),
}


WAITING: Final = (BlockList.State.STOPPED, BlockList.State.AWAITING_PUBLICATION)


@staff_page(
    "daftar/", name="lists", permission=Permission.VIEW_LISTS, title=gettext_lazy("Lists"), menu_order=40
)
@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    known = BlockList.objects.select_related("operator", "resumed_by")
    context = {
        "title": _("Block lists"),
        "waiting": known.filter(state__in=WAITING).order_by("id"),
        "published": known.filter(state=BlockList.State.PUBLISHED)[:ROWS_SHOWN],
        "stop": services.stopped(),
        "operators": Operator.objects.exclude(kind=Operator.Kind.OTT),
        "may_release": staff_user(request).has_permission(Permission.RELEASE_LISTS),
        "waiting_approvals": count_waiting_approvals(viewer=staff_user(request)),
        "expiring": _expiring(),
        "trust": queries.trust(),
    }
    return render_staff_page(request, "staff/lists.html", context)


@staff_page("daftar/<int:key>/", name="block_list", permission=Permission.VIEW_LISTS)
@require_safe
def block_list(request: HttpRequest, key: int) -> HttpResponse:
    one = get_object_or_404(BlockList.objects.select_related("operator", "resumed_by"), pk=key)
    published = one.state == BlockList.State.PUBLISHED
    context = {
        "title": f"{one.operator} {queries.name_of(one)}",
        "one": one,
        "reasons": [_reason(reason) for reason in one.stop_reasons],
        "resumable": all(reason["resumable"] for reason in one.stop_reasons),
        "files": queries.files_of(one),
        "downloads": one.downloads.select_related("by", "access_key")[:50],
        "open_numbers": queries.open_numbers(one, limit=20) if published else [],
        "journal": _journal(one),
        "may_release": staff_user(request).has_permission(Permission.RELEASE_LISTS),
    }
    return render_staff_page(request, "staff/block_list.html", context)


@staff_page("daftar/<int:key>/lepas/", name="resume_list", permission=Permission.RELEASE_LISTS)
@signin.step_up
@post_only
def resume_list(request: HttpRequest, key: int) -> HttpResponseBase:
    one = get_object_or_404(BlockList, pk=key)
    done = _("Approved. It goes out when two people have resumed it and its waiting time is over.")
    proof = signin.step_up_of(request)
    act = lambda: services.resume_list(one, by=staff_user(request), step_up=proof, at=timezone.now())  # noqa: E731
    return _said(request, act, done, to=("staff:block_list", key))


@staff_page("daftar/<int:key>/tolak/", name="reject_list", permission=Permission.RELEASE_LISTS)
@signin.step_up
@post_only
def reject_list(request: HttpRequest, key: int) -> HttpResponseBase:
    one = get_object_or_404(BlockList, pk=key)
    reason = request.POST.get("reason", "")
    by, proof = staff_user(request), signin.step_up_of(request)
    act = lambda: services.reject(one, by=by, step_up=proof, at=timezone.now(), reason=reason)  # noqa: E731
    return _said(request, act, _("The list was rejected."), to=("staff:block_list", key))


@staff_page("daftar/hentikan/", name="stop_publication", permission=Permission.RELEASE_LISTS)
@post_only
def stop_publication(request: HttpRequest) -> HttpResponseBase:
    reason = request.POST.get("reason", "")
    act = lambda: services.stop_publication(by=staff_user(request), at=timezone.now(), reason=reason)  # noqa: E731
    return _said(request, act, _("Publication is stopped. Removals still go out."), to=("staff:lists",))


@staff_page("daftar/lanjutkan/<int:key>/", name="lift_stop", permission=Permission.RELEASE_LISTS)
@signin.step_up
@post_only
def lift_stop(request: HttpRequest, key: int) -> HttpResponseBase:
    stop = get_object_or_404(PublicationStop, pk=key)
    proof = signin.step_up_of(request)
    act = lambda: services.lift_stop(stop, by=staff_user(request), step_up=proof, at=timezone.now())  # noqa: E731
    return _said(request, act, _("Publication runs again."), to=("staff:lists",))


@staff_page("daftar/berikutnya/", name="next_lists", permission=Permission.VIEW_LISTS)
@require_safe
def next_lists(request: HttpRequest) -> HttpResponse:
    """What goes out next: each operator's monthly list as it would be, and what waits for people before."""
    made_at, rows = services.next_lists(at=timezone.now())
    context = {
        "title": _("What goes out next"),
        "made_at": made_at,
        "rows": rows,
        "waiting": BlockList.objects.filter(state__in=WAITING).select_related("operator").order_by("id"),
        "stop": services.stopped(),
    }
    return render_staff_page(request, "staff/next_lists.html", context)


@staff_page("daftar/uji-coba/", name="dry_run", permission=Permission.VIEW_LISTS)
@require_safe
def dry_run(request: HttpRequest) -> HttpResponse:
    """What the next monthly list would hold, against the newest published one. Nothing is written."""
    operator = get_object_or_404(Operator, code=request.GET.get("operator", ""))
    now = timezone.now()
    seen = services.dry_run(operator, period=last_ended(now), kind=ListType.MONTHLY, at=now)
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
)
@require_safe
def operator_refusals(request: HttpRequest) -> HttpResponse:
    rows = (
        queries.refusals_to_settle()
        .select_related("operator", "block_list")
        .order_by("reported_at")[:ROWS_SHOWN]
    )
    return render_staff_page(
        request, "staff/operator_refusals.html", {"title": _("Operators' refusals"), "rows": rows}
    )


@staff_page("penolakan/<int:key>/", name="settle_refusal", permission=Permission.DECIDE)
@post_only
def settle_refusal(request: HttpRequest, key: int) -> HttpResponseBase:
    outcome = get_object_or_404(Outcome, pk=key)
    act = lambda: services.settle_refusal(outcome, by=staff_user(request), at=timezone.now())  # noqa: E731
    return _said(request, act, _("Settled."), to=("staff:operator_refusals",))


def _expiring() -> list[tuple[StrOrPromise, dt.datetime]]:
    """Pages of the TUF repository that end without being renewed: what each is, and when it ends."""
    late = services.expiring(at=timezone.now())
    operators = dict(Operator.objects.values_list("code", "name")) if late else {}
    return [
        (
            TUF_PAGES[role]
            if role in TUF_PAGES
            else _("the page of %(operator)s") % {"operator": operators[role]},
            end,
        )
        for role, end in late
    ]


def _journal(one: BlockList) -> list[dict[str, Any]]:
    entries = list(AuditLogEntry.objects.filter(subject=f"block_list:{one.pk}"))
    names = name_subjects(entry.actor for entry in entries)
    return [
        {
            "at": entry.at,
            "words": AuditAction(entry.action).label,
            "who": names[entry.actor].name,
        }
        for entry in entries
    ]


def _reason(reason: dict[str, Any]) -> dict[str, Any]:
    return {**reason, "text": StopReason(reason["code"]).label}


def _said(
    request: HttpRequest, act: Callable[[], object], done: str, *, to: tuple[Any, ...]
) -> HttpResponseBase:
    try:
        act()
    except DomainError as refusal:
        say_refused(request, refusal.message)
    else:
        messages.success(request, done)
    return redirect(*to)
