"""The honest timeline of a complaint.

What happened, what it means, what comes next and how long that may take.

It says nothing that the complainant may not know: not who decides, not how many others complained.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from aduan.cases.workflow import IN_QUEUE, LIVE, CaseAction, Status
from aduan.complaints.dispositions import message_for
from aduan.complaints.types import Disposition, TimelineStep

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

    from aduan.cases.models import Case, CaseEvent
    from aduan.complaints.models import Complaint

__all__ = ["CONFIRMED", "LIVE", "message_for", "open_question", "steps_of"]

CONFIRMED: Final = Status.CONFIRMED

_DECISIONS: Final[Mapping[str, tuple[StrOrPromise, StrOrPromise]]] = MappingProxyType(
    {
        CaseAction.CONFIRM_BLOCK: (
            _("Decided: the number is to be blocked"),
            _("Two people confirmed it. The number goes on the operator's next list."),
        ),
        CaseAction.CONFIRM_REFERRAL: (
            _("Decided: passed on"),
            _(
                "Two people confirmed it. The platform or the operators are asked to act; they are "
                "not obliged to."
            ),
        ),
        CaseAction.CONFIRM_SPOOFED: (
            _("Decided: the number was shown falsely"),
            _(
                "Its owner did not call you. The number is not blocked; your complaint helps to trace "
                "who did it."
            ),
        ),
        CaseAction.DISMISS: (
            _("Closed without action"),
            _(
                "The evidence did not suffice for a block. If it happens again, file a new complaint "
                "with a screenshot."
            ),
        ),
        CaseAction.DECLARE_NOT_OURS: (
            _("Closed: not in our hands"),
            _("This kind of number cannot be blocked by us. The help page says who can help."),
        ),
        CaseAction.RELEASE: (
            _("The block was ended"),
            _("Its time ran out, the number has a new owner, or an objection was accepted."),
        ),
    }
)


def steps_of(complaint: Complaint, case: Case, events: Sequence[CaseEvent]) -> list[TimelineStep]:
    """Received, in review, what was asked, decided, and what is still to come.

    The interface adds the list's steps.
    """
    steps = [
        TimelineStep("received", _("Received"), _("Your complaint is stored safely."), at=complaint.filed_at),
    ]
    if complaint.withdrawn_at is not None:
        return [
            *steps,
            TimelineStep("withdrawn", _("Withdrawn by you"), at=complaint.withdrawn_at, state="now"),
        ]
    reported = [step for event in events if (step := _step_of(event)) is not None]
    if not any(step.code == "decided" for step in reported) and case.status not in IN_QUEUE:
        # It joined a case that had been decided before.
        reported = [_joined(case)]
    decided = any(step.code in {"decided", "closed"} for step in reported)
    steps.append(_review(case, decided=decided))
    steps += reported
    if not decided:
        steps.append(
            TimelineStep("decided", _("Decision"), _("By two people, one after the other."), state="todo")
        )
    if complaint.disposition == Disposition.REVIEW and case.status in (*IN_QUEUE, Status.CONFIRMED):
        steps.append(
            TimelineStep(
                "listed",
                _("On the operator's list"),
                _("Lists are made on the first day of each month, urgent ones within a day."),
                state="todo",
            )
        )
        steps.append(
            TimelineStep(
                "answered",
                _("The operator's answer"),
                _("Within 24 hours of receiving the list."),
                state="todo",
            )
        )
    return steps


def open_question(case: Case, events: Sequence[CaseEvent]) -> CaseEvent | None:
    """The step in which reviewers asked for more, as long as they are waiting for it."""
    if case.status != Status.NEEDS_INFO:
        return None
    return next((event for event in reversed(events) if event.action == CaseAction.ASK), None)


def _review(case: Case, *, decided: bool) -> TimelineStep:
    waits = case.status == Status.NEEDS_INFO
    return TimelineStep(
        "review",
        _("In review"),
        _(
            "People look at the evidence. We aim to finish within one working day of a complete "
            "complaint; a missing "
            "screenshot is what most often makes it longer."
        ),
        at=case.opened_at if decided else None,
        state="done" if decided or waits else "now",
    )


def _step_of(event: CaseEvent) -> TimelineStep | None:
    if event.action == CaseAction.ASK:
        now = "now" if event.case.status == Status.NEEDS_INFO else "done"
        return TimelineStep(
            "asked",
            _("Please complete it"),
            _("Something is missing. Add it below; it goes on from there."),
            at=event.created_at,
            state=now,
        )
    if event.action == CaseAction.REOPEN:
        return TimelineStep(
            "reopened", _("Opened again"), _("New information has come in."), at=event.created_at
        )
    if event.action not in _DECISIONS:
        return None
    title, text = _DECISIONS[event.action]
    return TimelineStep("decided", title, text, at=event.created_at)


def _joined(case: Case) -> TimelineStep:
    action = {
        Status.CONFIRMED: CaseAction.CONFIRM_BLOCK,
        Status.REFERRED: CaseAction.CONFIRM_REFERRAL,
        Status.SPOOFED: CaseAction.CONFIRM_SPOOFED,
        Status.NOT_OURS: CaseAction.DECLARE_NOT_OURS,
        Status.RELEASED: CaseAction.RELEASE,
    }.get(Status(case.status), CaseAction.DISMISS)
    title, text = _DECISIONS[action]
    return TimelineStep("decided", title, text, at=case.decided_at or case.closed_at)
