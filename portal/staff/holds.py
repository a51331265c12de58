"""The hold lane of the desk: candidates with a clock, two signatures, and the end of a hold by one key."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.cases import queries, services
from aduan.cases.models import Case, Hold
from aduan.core.errors import DomainError, Invalid, WrongState
from portal.common import signin
from portal.common.forms import add_form_error
from portal.common.methods import post_only
from portal.staff import case_page, drafts
from portal.staff.hold_forms import HOLD_PANELS, HoldForm
from portal.staff.refusals import action_denied
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse, HttpResponseBase

    from aduan.accounts.models import User

FIGURES_OF: Final = dt.timedelta(days=30)
Do = Callable[[Case, dict[str, Any], "User", dt.datetime], object]


@staff_page(
    "tahan/", name="holds", permission=Permission.VIEW_CASES, title=gettext_lazy("Holds"), menu_order=11
)
@require_safe
def holds(request: HttpRequest) -> HttpResponse:
    """What waits for a signature, and what is held now; the hour of each end stands beside it."""
    by, now = staff_user(request), timezone.now()
    context = {
        "title": _("Holds"),
        "waiting_holds": queries.waiting_holds(viewer=by, at=now, limit=100),
        "held": queries.holds_now(viewer=by, at=now),
        "new_holders": len(queries.waiting_recycled()),
        "policy": queries.hold_policy(at=now),
        "may_set_rules": by.has_permission(Permission.SET_LIMITS),
        "figures": queries.hold_figures(since=now - FIGURES_OF, until=now),
    }
    return render_staff_page(request, "staff/holds.html", context)


@staff_page("antrean/tahan/", name="hold_candidates", permission=Permission.VIEW_CASES)
@require_safe
def hold_candidates(request: HttpRequest) -> HttpResponse:
    """The candidates alone: a script of the queue asks for them every few seconds."""
    waiting = queries.waiting_holds(viewer=staff_user(request), at=timezone.now())
    return render(request, "staff/parts/hold_candidates.html", {"waiting_holds": waiting})


@staff_page("perkara/<int:pk>/tahan/<slug:step>/", name="hold_action", permission=Permission.VIEW_CASES)
@transaction.non_atomic_requests
@post_only
def hold_action(request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
    """A draft is kept first, outside the act's transaction, as for every act on a case."""
    if step not in STEPS:
        raise Http404
    if case := Case.objects.filter(pk=pk).first():
        drafts.keep_form(request, case, HOLD_PANELS[step])
    with transaction.atomic():
        return (_stepped_up if step in STEPPED_UP else _act)(request, pk, step)


def _act(request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
    case = get_object_or_404(Case, pk=pk)
    panel, (do, done) = HOLD_PANELS[step], STEPS[step]
    form = HoldForm(request.POST, step=panel)
    if not form.is_valid():
        return case_page.render(request, pk, broken={panel: form}, status=400)
    try:
        given = {**form.cleaned_data, "step_up": signin.step_up_of(request)}
        do(case, given, staff_user(request), timezone.now())
    except Invalid as refusal:
        add_form_error(form, refusal)
        return case_page.render(request, pk, broken={panel: form}, status=400)
    except DomainError as refusal:
        return action_denied(request, refusal, back=reverse("staff:case", args=[pk]))
    drafts.discard_form(request, case, panel)
    messages.success(request, f"{case.reference}: {done}")
    # Not back to the case: opening it would take it again, and the next person waits for it.
    return redirect("staff:holds")


_stepped_up = signin.step_up(_act)


def _propose(case: Case, given: dict[str, Any], by: User, at: dt.datetime) -> object:
    return services.propose_hold(
        case, by=by, step_up=given["step_up"], at=at, seen_digest=given["seen"], reason=given["reason"]
    )


def _confirm(case: Case, given: dict[str, Any], by: User, at: dt.datetime) -> object:
    hold = _newest_hold(case)
    if given["hold"] != hold.pk:
        raise WrongState("proposal_outdated", _("Another proposal took its place. Look at it first."))
    return services.confirm_hold(hold, by=by, step_up=given["step_up"], at=at, seen_digest=given["seen"])


def _decline(case: Case, given: dict[str, Any], by: User, at: dt.datetime) -> object:
    return services.decline_hold(_newest_hold(case), by=by, at=at, reason=given["reason"])


def _ending(*, mistake: bool) -> Do:
    def do(case: Case, given: dict[str, Any], by: User, at: dt.datetime) -> object:
        hold = _newest_hold(case)
        return services.end_hold(hold, by=by, at=at, mistake=mistake, note=given["reason"])

    return do


def _newest_hold(case: Case) -> Hold:
    """Whatever its state: the service says who was faster, when another person settled it meanwhile."""
    found = Hold.objects.filter(case=case).order_by("-pk").first()
    if found is None:
        raise WrongState("no_hold", _("There is no such hold any more."))
    return found


# To free a number takes no fresh proof: one key, at once.
STEPPED_UP: Final = frozenset({"propose", "confirm"})
STEPS: dict[str, tuple[Do, Any]] = {
    "propose": (_propose, gettext_lazy("proposed to hold. A second person confirms it.")),
    "confirm": (_confirm, gettext_lazy("held. The list goes out within seconds.")),
    "decline": (_decline, gettext_lazy("not held.")),
    "end": (_ending(mistake=False), gettext_lazy("the hold has ended.")),
    "end_wrong": (
        _ending(mistake=True),
        gettext_lazy("the hold has ended. It is counted as a mistake."),
    ),
}
