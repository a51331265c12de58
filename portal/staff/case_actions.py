"""Everything a reviewer does to one case: each step is a POST that calls one service.

A domain error comes back as the case page with the form still open (400), as a page that says why not
(403), or as a page that says who was faster or what changed (409).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aduan.accounts.roles import Permission
from aduan.blocklists import services as blocklists
from aduan.cases import services
from aduan.cases.models import Case
from aduan.cases.workflow import CaseAction, ProposalType
from aduan.complaints import evidence_queries
from aduan.core.errors import DomainError, Invalid
from aduan.teamwork import services as teamwork
from portal.common import signin
from portal.common.forms import add_form_error
from portal.common.methods import post_only
from portal.staff import case_page, drafts
from portal.staff.forms import (
    CaseActionForm,
    ProposalForm,
    SettlementForm,
    SignatureForm,
    TextForm,
    reasons_for,
)
from portal.staff.next_case import to_next_case
from portal.staff.refusals import action_denied
from portal.staff.rendering import staff_user
from portal.staff.site import staff_page
from portal.staff.undo import UNDO, UNDOABLE_STEPS, offer_undo, say_done

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from aduan.accounts.models import User

Do = Callable[[Case, dict[str, Any], "User", dt.datetime], object]


@staff_page("perkara/<int:pk>/langkah/<slug:step>/", name="case_action", permission=Permission.VIEW_CASES)
@transaction.non_atomic_requests
@post_only
def case_action(request: HttpRequest, pk: int, step: str) -> HttpResponseBase:
    """The draft is kept before anything else, outside the act's transaction: it stays whatever happens."""
    if step not in ACTIONS:
        raise Http404
    case = get_object_or_404(Case, pk=pk)
    drafts.keep_form(request, case, step)
    with transaction.atomic():
        return (_stepped_up if step in STEPPED_UP else _act)(request, case, step)


def _act(request: HttpRequest, case: Case, step: str) -> HttpResponseBase:
    make_form, do, done = ACTIONS[step]
    form = make_form(request, case)
    if step == "propose":
        step = drafts.panel_of(request.POST.get("act", ""))
    return _perform(request, case, step, form, do, str(done))


_stepped_up = signin.step_up(_act)


@staff_page("perkara/<int:pk>/tanda-tangan/", name="sign_proposal", permission=Permission.SIGN_OFF)
@transaction.non_atomic_requests
@post_only
def sign_proposal(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The second or third signature: which one it is, the case says."""
    if drafts.is_typed(request) and (case := Case.objects.filter(pk=pk).first()):
        drafts.keep_form(request, case, "disagree")
    with transaction.atomic():
        return _sign_stepped_up(request, pk)


@signin.step_up
def _sign_stepped_up(request: HttpRequest, pk: int) -> HttpResponseBase:
    case = get_object_or_404(Case, pk=pk)
    form = SignatureForm(request.POST)
    step = "agree" if request.POST.get("agrees") == "yes" else "disagree"
    done = _("Signed.") if step == "agree" else _("Your disagreement is on record.")
    return _perform(request, case, step, form, _sign, done)


def _perform(
    request: HttpRequest, case: Case, step: str, form: forms.Form, do: Do, done: str
) -> HttpResponseBase:
    now = timezone.now()
    if not form.is_valid():
        return case_page.render(request, case.pk, broken={step: form}, status=400)
    try:
        given = {**form.cleaned_data, "step_up": signin.step_up_of(request)}
        do(case, given, staff_user(request), now)
    except Invalid as refusal:
        add_form_error(form, refusal)
        return case_page.render(request, case.pk, broken={step: form}, status=400)
    except DomainError as refusal:
        back = reverse("staff:case", args=[case.pk])
        return action_denied(request, refusal, back=back, kept=drafts.is_typed(request))
    if form.fields:
        _discard_drafts(request, case, step, now)
    if step in UNDOABLE_STEPS:
        offer_undo(request, case, done, at=now)
    else:
        say_done(request, case, done)
    if form.cleaned_data.get("then") == "next":
        return to_next_case(request, step)
    return redirect("staff:case", case.pk)


def _discard_drafts(request: HttpRequest, case: Case, step: str, now: dt.datetime) -> None:
    panel = "disagree" if step == "agree" else step
    sent = drafts.page_turn(request)
    services.discard_decisions(case, by=staff_user(request), at=now, step=panel, sent=sent)


def _none(request: HttpRequest, _case: Case) -> forms.Form:
    return forms.Form(request.POST)


def _text(request: HttpRequest, _case: Case) -> forms.Form:
    return TextForm(request.POST)


def _settlement(request: HttpRequest, _case: Case) -> forms.Form:
    return SettlementForm(request.POST)


def _reasoned(action: CaseAction) -> Callable[[HttpRequest, Case], forms.Form]:
    def make(request: HttpRequest, case: Case) -> forms.Form:
        return CaseActionForm(request.POST, reasons=reasons_for(case.category).offered[action])

    return make


def _proposal(request: HttpRequest, case: Case) -> forms.Form:
    evidence = case_page.evidence_choices(evidence_queries.files_of(case, limit=case_page.EVIDENCE_OFFERED))
    act = request.POST.get("act", "")
    reasons = reasons_for(case.category).beside(ProposalType(act)) if act in ProposalType else []
    return ProposalForm(request.POST, reasons=reasons, evidence=evidence)


def _propose(case: Case, given: dict[str, Any], by: User, at: dt.datetime) -> object:
    return services.propose(
        case,
        by=by,
        at=at,
        step_up=given["step_up"],
        proposal_type=ProposalType(given["act"]),
        reason_code=given["reason_code"],
        seen_digest=given["seen"],
        reason=given["note"],
        evidence_ids=given["evidence"],
        block_until=given["block_until"],
        urgent=given["urgent"],
        notice=given["notice"],
    )


def _sign(case: Case, given: dict[str, Any], by: User, at: dt.datetime) -> object:
    service = services.decide_third if given["third"] else services.sign_off
    return service(
        case,
        by=by,
        at=at,
        step_up=given["step_up"],
        agrees=given["agrees"],
        seen_digest=given["seen"],
        reason=given["reason"],
    )


def _closing(service: Callable[..., object]) -> Do:
    def do(case: Case, given: dict[str, Any], by: User, at: dt.datetime) -> object:
        return service(
            case,
            by=by,
            at=at,
            seen_digest=given["seen"],
            reason_code=given["reason_code"],
            note=given["note"],
            notice=given["notice"],
            undo_within=UNDO,
        )

    return do


def _ending(service: Callable[..., object]) -> Do:
    def do(case: Case, given: dict[str, Any], by: User, at: dt.datetime) -> object:
        return service(case, by=by, at=at, reason=given["reason"])

    return do


def _release(case: Case, given: dict[str, Any], by: User, at: dt.datetime) -> object:
    return services.request_release(
        case,
        by=by,
        step_up=given["step_up"],
        at=at,
        seen_digest=given["seen"],
        reason=given["reason"],
    )


def _settle(case: Case, given: dict[str, Any], by: User, at: dt.datetime) -> object:
    return services.request_settlement(
        case,
        by=by,
        step_up=given["step_up"],
        at=at,
        seen_digest=given["seen"],
        upheld=given["upheld"],
        reason=given["reason"],
    )


def _stop_urgent(case: Case, given: dict[str, Any], by: User, at: dt.datetime) -> object:
    return blocklists.stop_urgent_block(case, by=by, at=at, reason=given["reason"])


def _claim(case: Case, _given: dict[str, Any], by: User, at: dt.datetime) -> object:
    return teamwork.take_case(case, by=by, at=at)


def _let_go(case: Case, _given: dict[str, Any], by: User, at: dt.datetime) -> object:
    return services.unassign(case, by=by, at=at)


_asked = _closing(services.request_information)
_dismissed = _closing(services.dismiss)
_not_ours = _closing(services.declare_not_ours)

# What cuts, frees or drops a number: done with a fresh proof of who does it.
STEPPED_UP: Final = frozenset({"propose", "dismiss", "declare_not_ours", "release", "settle_objection"})
ACTIONS: dict[str, tuple[Callable[[HttpRequest, Case], forms.Form], Do, Any]] = {
    "claim": (_none, _claim, gettext_lazy("yours for half an hour.")),
    "let_go": (_none, _let_go, gettext_lazy("given back to the queue.")),
    "propose": (_proposal, _propose, gettext_lazy("proposed. A second person decides.")),
    "ask": (_reasoned(CaseAction.ASK), _asked, gettext_lazy("asked. The clock stands still.")),
    "dismiss": (_reasoned(CaseAction.DISMISS), _dismissed, gettext_lazy("closed without action.")),
    "declare_not_ours": (
        _reasoned(CaseAction.DECLARE_NOT_OURS),
        _not_ours,
        gettext_lazy("closed as not our matter."),
    ),
    "retract": (_text, _ending(services.retract), gettext_lazy("the proposal is withdrawn.")),
    "reopen": (_text, _ending(services.reopen), gettext_lazy("open again.")),
    "release": (_text, _release, gettext_lazy("release asked for. It counts when a second person confirms.")),
    "stop_urgent": (
        _text,
        _stop_urgent,
        gettext_lazy("stopped. No list has taken it; it is in review again."),
    ),
    "settle_objection": (
        _settlement,
        _settle,
        gettext_lazy("asked for. The owner is answered when a second person confirms."),
    ),
}
