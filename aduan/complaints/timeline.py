"""The honest timeline of a complaint.

What happened, what it means, what comes next and until when.

It says nothing that the complainant may not know: not who decides, not how many others complained, and no
time but their own and those of announcements, which are the same for all complainants of a number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from aduan.cases.clocks import PROMISE
from aduan.cases.next_steps import steps_named
from aduan.cases.workflow import IN_QUEUE, LIVE, CaseAction, Status
from aduan.complaints.dispositions import message_for
from aduan.complaints.types import Disposition, TimelineStep, can_be_reviewed
from aduan.core.periods import month_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

    from aduan.cases.queries import Announcement
    from aduan.complaints.models import Complaint
    from aduan.complaints.types import ComplaintData

__all__ = ["CONFIRMED", "LIVE", "message_for", "open_question", "steps_of"]

CONFIRMED: Final = Status.CONFIRMED
_IN_REVIEW: Final = _("In review")

_TITLES: Final[Mapping[str, StrOrPromise]] = MappingProxyType(
    {
        CaseAction.ASK: _("Please complete it"),
        CaseAction.CONFIRM_BLOCK: _("Decided: the number is to be blocked"),
        CaseAction.CONFIRM_REFERRAL: _("Decided: passed on"),
        CaseAction.CONFIRM_SPOOFED: _("Decided: the number was shown falsely"),
        CaseAction.DISMISS: _("Closed without action"),
        CaseAction.DECLARE_NOT_OURS: _("Closed: not in our hands"),
        CaseAction.RELEASE: _("The block was ended"),
    }
)
_REFERRAL_ENDED: Final = _("Our request to act was ended")


def steps_of(
    complaint: Complaint,
    *,
    status: Status,
    announced: Sequence[Announcement],
    joined: Announcement | None,
    own_acts: Sequence[dt.datetime],
    at: dt.datetime,
) -> list[TimelineStep]:
    """Received, in review, what was asked, decided, and what is still to come.

    `status` is the one that complainants may know, `announced` what was announced since the complaint came,
    `joined` the decision that was announced before it, `own_acts` when this complainant gave something that
    can be reviewed. The interface adds the list's steps.
    """
    steps = [
        TimelineStep("received", _("Received"), _("Your complaint is stored safely."), at=complaint.filed_at),
    ]
    if complaint.moved_at is not None:
        words = _("Two people found that your complaint is about this number, and put it here.")
        steps.append(TimelineStep("moved", _("Under the right number"), words, at=complaint.moved_at))
    if complaint.withdrawn_at is not None:
        return [
            *steps,
            TimelineStep("withdrawn", _("Withdrawn by you"), at=complaint.withdrawn_at, state="now"),
        ]
    waiting = status in IN_QUEUE
    shown = [_step(one, status) for one in announced]
    if not waiting and joined is not None and not any(step.code == "decided" for step in shown):
        shown = [_joined(joined)]
    if not waiting:
        return [*steps, TimelineStep("review", _("Reviewed")), *shown, *_to_come(complaint, status)]
    reopened = any(step.code == "decided" for step in shown)
    promised_at = None if reopened else _promise(complaint, announced, own_acts)
    review = _review(complaint, status, promised_at, at)
    if promised_at is None and status != Status.NEEDS_INFO:
        review = _without_promise(reopened=reopened, incomplete=not own_acts)
    decision = TimelineStep("decided", _("Decision"), _("By two people, each on their own."), state="todo")
    return [*steps, *shown, review, decision, *_to_come(complaint, status)]


def promised_if_sent(data: ComplaintData, *, files: int, at: dt.datetime) -> dt.datetime | None:
    """By when the review is to end if this is sent now; None where nothing can be reviewed yet."""
    return at + PROMISE if can_be_reviewed(data.narrative, files=files) else None


def open_question(status: Status, announced: Sequence[Announcement]) -> Announcement | None:
    """What reviewers asked for, as long as they are waiting for it."""
    if status != Status.NEEDS_INFO:
        return None
    return next((one for one in reversed(announced) if one.action == CaseAction.ASK), None)


def _review(
    complaint: Complaint, status: Status, promised_at: dt.datetime | None, at: dt.datetime
) -> TimelineStep:
    if status == Status.NEEDS_INFO:
        words = _("It goes on as soon as you have added what is missing.")
        return TimelineStep("review", _IN_REVIEW, words, state="todo")
    if promised_at is None or at < promised_at:
        words = _("Two people look at the evidence, each on their own.")
        return TimelineStep("review", _IN_REVIEW, words, state="now", until=promised_at)
    if complaint.disposition not in (Disposition.REVIEW, Disposition.REFERRAL):
        words = _(
            "We have not kept this date. Your complaint is still in review; the longer one waits, the "
            "further ahead it moves."
        )
        return TimelineStep("review", _IN_REVIEW, words, state="now", until=promised_at, missed=True)
    words = _(
        "This date has passed. Either your complaint is still in review, and the longer one waits, the "
        "further ahead it moves; or it is decided and waits for its list: what stands on a list is shown "
        "only once the list is published."
    )
    monthly = complaint.disposition == Disposition.REVIEW  # referrals are sent between the months too
    return TimelineStep(
        "review",
        _IN_REVIEW,
        words,
        state="now",
        until=promised_at,
        missed=True,
        next_list=_next_list(at) if monthly else None,
    )


def _without_promise(*, reopened: bool, incomplete: bool) -> TimelineStep:
    if reopened:
        words = _("The decision is looked at again. The next one is shown here.")
        return TimelineStep("reopened", _("Opened again"), words, state="now")
    if incomplete:
        words = _(
            "The 24 hours begin once a screenshot or a few sentences say what happened. Add them below."
        )
        return TimelineStep("review", _IN_REVIEW, words, state="now")
    return TimelineStep(
        "review", _IN_REVIEW, _("Two people look at the evidence, each on their own."), state="now"
    )


def _next_list(at: dt.datetime) -> dt.date:
    """The day of the next monthly list: the first of the next month in Jakarta."""
    return month_of(at).next().first_day


def _promise(
    complaint: Complaint, announced: Sequence[Announcement], own_acts: Sequence[dt.datetime]
) -> dt.datetime | None:
    """When the review is to end, counted from the complainant's own acts alone; None when these do not tell.

    The case's own clock would give away when others complained. It is never later than this: it began with
    the first complete complaint, and stands still only while all complainants are asked.
    """
    asked = [one.at for one in announced if one.action == CaseAction.ASK]
    since = asked[-1] if asked else complaint.filed_at
    return next((act + PROMISE for act in sorted(own_acts) if act >= since), None)


def _to_come(complaint: Complaint, status: Status) -> list[TimelineStep]:
    if complaint.disposition != Disposition.REVIEW or status not in (*IN_QUEUE, Status.CONFIRMED):
        return []
    return [
        TimelineStep(
            "listed",
            _("On the operator's list"),
            _("Lists are made on the first day of each month, urgent ones within a day."),
            state="todo",
        ),
        TimelineStep(
            "answered",
            _("The operator's answer"),
            _("Within 24 hours of the list's publication."),
            state="todo",
        ),
    ]


def _step(one: Announcement, status: Status) -> TimelineStep:
    asked = one.action == CaseAction.ASK
    text = one.text.in_language(get_language() or "id")
    return TimelineStep(
        "asked" if asked else "decided",
        _REFERRAL_ENDED if one.action == CaseAction.RELEASE and one.referred else _TITLES[one.action],
        text,
        at=one.at,
        state="now" if asked and status == Status.NEEDS_INFO else "done",
        next_steps=steps_named(one.text.next_steps),
    )


def _joined(one: Announcement) -> TimelineStep:
    """A decision from before this complaint: without its time, which is another's."""
    step = _step(one, CONFIRMED)
    return TimelineStep(step.code, step.title, step.text, next_steps=step.next_steps)
