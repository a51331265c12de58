"""The case page: everything a reviewer needs to decide one number, and the forms to decide it with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.http import Http404
from django.utils import timezone
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.appeals import queries as appeals
from aduan.blocklists import queries as blocklists
from aduan.cases import queries, services
from aduan.cases.clocks import time_left
from aduan.cases.models import Block, Case, Hold
from aduan.cases.workflow import IN_QUEUE, CaseAction, ProposalType
from aduan.complaints import evidence_queries
from aduan.complaints import queries as complaints
from aduan.complaints.number_spellings import spellings_of, typed_numbers_of
from aduan.core.periods import local_date
from aduan.operators.queries import holder_of
from aduan.recycling.queries import holder_question
from aduan.teamwork import services as teamwork
from portal.staff import drafts
from portal.staff.drafts import panel_of
from portal.staff.evidence import file_label
from portal.staff.forms import (
    CaseActionForm,
    NoteForm,
    OperatorQuestionForm,
    ProposalForm,
    SettlementForm,
    SignatureForm,
    TextForm,
    reasons_for,
)
from portal.staff.hold_forms import HOLD_PANELS, hold_panels
from portal.staff.rendering import parse_id, render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    import datetime as dt

    from django.http import HttpRequest, HttpResponse

    from aduan.accounts.models import User
    from aduan.cases.queries import CasePage
    from aduan.complaints.evidence_queries import EvidenceFile
    from aduan.complaints.queries import ComplaintDetail
    from aduan.teamwork.services import CaseDesk
    from portal.staff.forms import Reasons

COMPLAINTS_A_PAGE: Final = 20
EVIDENCE_OFFERED: Final = 60
_REASONED: Final = {
    "ask": CaseAction.ASK,
    "dismiss": CaseAction.DISMISS,
    "declare_not_ours": CaseAction.DECLARE_NOT_OURS,
}
# Steps for which a case is taken by opening it.
_WORK: Final = frozenset({"ask", "sign_off", "decide_third"})
_ASKS: Final = frozenset({"ask", "sign_off", "decide_third", "release", "reopen"})
_WORDED: Final = ("retract", "reopen", "release")


@staff_page("perkara/<int:pk>/", name="case", permission=Permission.VIEW_CASES)
@require_safe
def case(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, pk)


def render(
    request: HttpRequest, pk: int, *, broken: Mapping[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    """The page; `broken` are forms that came back with errors, by the panel they belong to."""
    by, now = staff_user(request), timezone.now()
    try:
        seen = queries.case_page(pk, viewer=by, at=now)
    except Case.DoesNotExist as error:
        raise Http404 from error
    named = Case(pk=pk)
    reported = complaints.complaints_of(
        named, limit=COMPLAINTS_A_PAGE + 1, before=parse_id(request.GET.get("before"))
    )
    files = evidence_queries.files_of(named, limit=EVIDENCE_OFFERED)
    reasons = reasons_for(seen.row.category)
    until = blocklists.stoppable_until(named, viewer=by, at=now) if seen.blocks else None
    panels = _panels(seen, files, reasons)
    if until:
        panels["stop_urgent"] = TextForm(initial=_initial(seen), auto_id=_ids("stop"))
    desk = teamwork.open_case_desk(pk, by=by, at=now)
    opened = services.open_case(pk, by=by, at=now, claims=_may_work_on(seen) and not desk.away_until)
    if opened.mine:
        seen = _taken(seen, by)
    context = {
        "title": seen.row.reference,
        "opened": opened,
        **_team(seen, desk, by),
        "seen": seen,
        "row": seen.row,
        "left": _left(seen, now),
        "told": reported[:COMPLAINTS_A_PAGE],
        "older": reported[COMPLAINTS_A_PAGE - 1].id if len(reported) > COMPLAINTS_A_PAGE else None,
        "files": files,
        "drafts": drafts.offer(seen, panels, opened.drafts) if broken is None else [],
        **_steps({**panels, **(broken or {})}),
        "stoppable_until": until,
        "spellings": spellings_of(_typed(request, named, reported), seen.row.number),
        "held_by_me": seen.row.held_by_id == by.pk,
        **_holders(seen),
        "texts_then": _texts_then(seen),
        "reason_notices": reasons.notices,
        **_objections(seen, now),
    }
    return render_staff_page(request, "staff/case.html", context, status=status)


def _objections(seen: CasePage, now: dt.datetime) -> dict[str, object]:
    rows = appeals.objections_of(seen.row.case_id, at=now) if seen.row.objection else []
    files = evidence_queries.files_of_objections(one.uid for one in rows)
    return {"objections": rows, "objection_files": files}


def _typed(request: HttpRequest, named: Case, reported: list[ComplaintDetail]) -> Iterable[str]:
    """The number as people typed it: read from the complaints on the page when those are all."""
    if len(reported) > COMPLAINTS_A_PAGE or "before" in request.GET:
        return typed_numbers_of(named)
    return [one.number_raw for one in reported if one.duplicate_of is None and one.withdrawn_at is None]


def _texts_then(seen: CasePage) -> dict[object, object]:
    """What each step and each signature gave as its reason, in the words of its time: by event, by moment."""
    steps = {step.event_id: (step.detail.get("reason_code", ""), step.at) for step in seen.steps}
    proposals = (seen.proposal, *seen.past_proposals)
    signed = [one for item in proposals if item for one in item.signatures if one.reason_code]
    used = {key: use for key, use in steps.items() if use[0]} | {
        one.at: (one.reason_code, one.at) for one in signed
    }
    texts = queries.texts_when_used(used.values())
    fixed = dict(Block.ReleaseReason.choices)
    return {key: texts.get(use) or fixed[use[0]] for key, use in used.items()}


def _may_work_on(seen: CasePage) -> bool:
    """Whether there is a step for this person for which the case is theirs; a proposer only waits."""
    return not seen.may.isdisjoint({"claim", "let_go"}) and not seen.may.isdisjoint(_WORK)


def _team(seen: CasePage, desk: CaseDesk, by: User) -> dict[str, Any]:
    """What the reader may do besides deciding. Leads give any waiting case away, others a free one."""
    assigns = by.has_permission(Permission.ASSIGN)
    gives = assigns or not seen.may.isdisjoint({"claim", "let_go"})
    return {
        "desk": desk,
        "my_desk": desk,
        "may_assign": assigns,
        "may_hand_over": gives and seen.row.status in IN_QUEUE,
        "may_sign": by.has_permission(Permission.SIGN_OFF)
        and not _conflict(seen)
        and seen.row.status in IN_QUEUE,
        "may_reveal": by.has_permission(Permission.REVEAL) and not _conflict(seen),
    }


def _taken(seen: CasePage, by: User) -> CasePage:
    """The page after opening it took the case."""
    row = replace(seen.row, held_by_id=by.pk, held_by=by.name)
    return replace(seen, row=row, may=(seen.may - {"claim"}) | {"let_go"})


def evidence_choices(files: Iterable[EvidenceFile]) -> list[tuple[int, str]]:
    """What a proposal may rely on: files that are clean. All are picked until the proposer leaves one out.

    They are numbered as the page shows them.
    """
    return [(file.id, file_label(file)) for file in files if file.shown]


def _holders(seen: CasePage) -> dict[str, object]:
    """Who carried the number then, and whether someone else has it now."""
    ended = any(hold.end_reason == Hold.EndReason.RECYCLED for hold in seen.lane.past)
    return {
        "operator_then": _operator_then(seen),
        "holder": holder_question(seen.row.case_id),
        "open_despite_new_holder": ended and seen.row.status in IN_QUEUE,
    }


def _operator_then(seen: CasePage) -> str:
    """Who carried the number when the first complaint came: prefixes move between operators."""
    digits = seen.row.number.removeprefix("+")
    if not (seen.row.first_complaint_at and digits.isdecimal()):
        return ""
    held = holder_of(int(digits), on=local_date(seen.row.first_complaint_at))
    return held.operator_name if held else ""


def _conflict(seen: CasePage) -> bool:
    """No one else holds it, and yet no step is open: the person's own contact is in the case."""
    return bool(seen.may_not_because) and seen.row.held_by_id is None


def _left(seen: CasePage, now: dt.datetime) -> dt.timedelta | None:
    return time_left(seen.row.due_at, seen.row.paused_at, now) if seen.row.due_at else None


def _panels(seen: CasePage, files: list[EvidenceFile], reasons: Reasons) -> dict[str, forms.Form]:
    """One empty form for each step that is open to this person now."""
    start = _initial(seen)
    panels = hold_panels(seen.lane, digest=seen.digest) | _team_panels(seen)
    for step, action in _REASONED.items():
        if step in seen.may:
            offered = reasons.offered.get(action, [])
            panels[step] = CaseActionForm(reasons=offered, initial=start, auto_id=_ids(step))
    for step in _WORDED:
        if step in seen.may:
            panels[step] = TextForm(initial=start, auto_id=_ids(step))
    if "settle_objection" in seen.may:
        panels["settle_objection"] = SettlementForm(initial=start, auto_id=_ids("settle"))
    if "propose" in seen.may:
        panels |= _proposals(seen, reasons, evidence_choices(files))
    if "sign_off" in seen.may or "decide_third" in seen.may:
        third = {"third": "decide_third" in seen.may}
        agreed = {**start, **third, "agrees": "yes"}
        panels["agree"] = SignatureForm(initial=agreed, auto_id=_ids("agree"))
        panels["disagree"] = SignatureForm(initial={**agreed, "agrees": "no"}, auto_id=_ids("disagree"))
    return panels


def _steps(panels: dict[str, forms.Form]) -> dict[str, object]:
    return {"panels": panels, "decides": not panels.keys() <= _ELSEWHERE}


# Shown in parts of their own: with these alone the part “Decide” says that there is nothing to decide.
_ELSEWHERE: Final = frozenset({"note", "operator", *HOLD_PANELS.values()})


def _team_panels(seen: CasePage) -> dict[str, forms.Form]:
    panels: dict[str, forms.Form] = {"note": NoteForm(auto_id=_ids("note"))}
    if seen.row.operator and not seen.may.isdisjoint(_ASKS):
        panels["operator"] = OperatorQuestionForm(auto_id=_ids("operator"))
    return panels


def _proposals(seen: CasePage, reasons: Reasons, evidence: list[tuple[int, str]]) -> dict[str, forms.Form]:
    """Only what the number allows: no block for a protected one, no referral without a platform."""
    wanted = [ProposalType.SPOOFED]
    if not any(check.must and check.ok is False for check in seen.facts.checklist):
        wanted.append(ProposalType.BLOCK)
    if seen.row.via_ott:
        wanted.append(ProposalType.REFER)
    given: dict[str, Any] = {**_initial(seen), "evidence": [key for key, _label in evidence]}
    return {
        panel_of(act): ProposalForm(
            reasons=reasons.beside(act),
            evidence=evidence,
            initial={**given, "act": act},
            auto_id=_ids(panel_of(act)),
        )
        for act in wanted
    }


def _initial(seen: CasePage) -> dict[str, Any]:
    return {"seen": seen.digest, "then": "next"}


def _ids(step: str) -> str:
    return f"id_{step}_%s"
