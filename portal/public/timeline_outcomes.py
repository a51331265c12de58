"""What the lists and the operators say about a complaint's number, put into its timeline.

The package of complaints cannot import the one of lists (a list is never built from complaints); this
interface shows both.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aduan.blocklists.queries import CLOCK, outcomes_of, published_block, published_hold
from aduan.complaints.types import Progress, TimelineStep
from aduan.referrals.codes import PlatformAnswer
from aduan.referrals.queries import CaseReferral, referrals_of_case

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from aduan.blocklists.models import Outcome

_OUTCOME_TEXTS: Final[dict[str, StrOrPromise]] = {
    "blocked": gettext_lazy("The number is blocked."),
    "inactive": gettext_lazy("The number was inactive already."),
    "not_ours": gettext_lazy("They say that the number is not theirs. We look for who holds it."),
    "recycled": gettext_lazy("The number belongs to a new customer by now, so it is not blocked."),
    "refused": gettext_lazy("They did not block it. We look into their reason."),
    "unblocked": gettext_lazy("The block was lifted."),
}
_PLATFORM_TEXTS: Final[dict[str, StrOrPromise]] = {
    PlatformAnswer.SUSPENDED: gettext_lazy("The account is suspended."),
    PlatformAnswer.ALREADY_SUSPENDED: gettext_lazy("The account was suspended already."),
    PlatformAnswer.LIMITED: gettext_lazy("The account was warned or limited."),
    PlatformAnswer.NO_VIOLATION: gettext_lazy(
        "It found no violation of its rules. You can block the account."
    ),
    PlatformAnswer.NOT_OUR_ACCOUNT: gettext_lazy("It says that it has no such account."),
    PlatformAnswer.NEED_MORE: gettext_lazy("It asked us for more. Our reviewers reply."),
}


def with_outcomes(progress: Progress, *, at: dt.datetime) -> list[TimelineStep]:
    """The timeline with the list that carries the number and with each receiver's newest answer.

    What happened before the complaint is shown without its time.
    """
    decided = any(step.code == "decided" and step.state == "done" for step in progress.steps)
    if progress.case_id is None:
        return list(progress.steps)
    if not decided:
        return _with_hold(progress, at)
    listed = _listed(progress, at)
    asked = referrals_of_case(progress.case_id)
    by_referral = {referral.platform for referral in asked}
    answers = [
        _answer(outcome, progress)
        for outcome in outcomes_of(progress.case_id)
        if outcome.operator.name not in by_referral
    ]
    steps: list[TimelineStep] = []
    for step in progress.steps:
        if step.code == "listed" and listed:
            steps.append(listed)
        elif step.code == "answered" and answers:
            steps += answers
            answers = []
        elif step.code == "answered" and listed:
            steps.append(_waiting(step, listed, at))
        else:
            steps.append(step)
    return steps + answers + [step for one in asked for step in _referred(one, progress)]


def _with_hold(progress: Progress, at: dt.datetime) -> list[TimelineStep]:
    """After what is done: that the number is held meanwhile, once a list says so to its operator."""
    steps = list(progress.steps)
    held = published_hold(int(progress.number), at=at) if progress.number.startswith("+") else None
    if held is None or held.case_id != progress.case_id:
        return steps
    place = next((n for n, step in enumerate(steps) if step.state != "done"), len(steps))
    words = _("Two people decided that its operator holds the number for a short time. It is being examined.")
    step = TimelineStep(
        "held", _("Temporarily held"), words, at=_own(held.listed_at, progress), until=held.ends_at
    )
    return [*steps[:place], step, *steps[place:]]


def _referred(referral: CaseReferral, progress: Progress) -> list[TimelineStep]:
    """That a platform was asked, and what it said; a platform is never late."""
    given = {"platform": referral.platform}
    if referral.withdrawn and not referral.answer:
        return []
    asked = TimelineStep(
        "referred",
        _("Referred to %(platform)s") % given,
        _("The platform decides by its own rules; it is not obliged to follow."),
        at=_own(referral.asked_at, progress),
    )
    if not referral.answer:
        waiting = _("Not yet answered. We ask again after a week, and publish how often platforms answer.")
        return [asked, TimelineStep("answered", _("Answer of %(platform)s") % given, waiting, state="todo")]
    return [
        asked,
        TimelineStep(
            "answered",
            _("Answer of %(platform)s") % given,
            _PLATFORM_TEXTS[referral.answer],
            at=_own(referral.answered_at, progress),
            state="now" if referral.answer == PlatformAnswer.NEED_MORE else "done",
        ),
    ]


def _listed(progress: Progress, at: dt.datetime) -> TimelineStep | None:
    if not progress.number.startswith("+"):
        return None
    block = published_block(int(progress.number), timezone.localdate(at))
    if block is None or block.case_id != progress.case_id:
        return None
    return TimelineStep(
        "listed",
        _("On the operator’s list"),
        _("The operator has 24 hours to act on it."),
        at=_own(block.listed_at, progress),
        until=block.listed_at + CLOCK,
    )


def _waiting(step: TimelineStep, listed: TimelineStep, at: dt.datetime) -> TimelineStep:
    """The operator's answer to come: by when, or that it is late and what happens then."""
    assert listed.until is not None  # noqa: S101 - narrows the type only
    if at < listed.until:
        return dataclasses.replace(step, text="", state="now", until=listed.until)
    late = _("The operator has not answered by then. It is reminded, and the delay counts in its figures.")
    return dataclasses.replace(step, text=late, state="now", until=listed.until, missed=True)


def _answer(outcome: Outcome, progress: Progress) -> TimelineStep:
    title = _("Answer of %(receiver)s") % {"receiver": outcome.operator.name}
    text = _OUTCOME_TEXTS.get(outcome.answer, "")
    return TimelineStep("answered", title, text, at=_own(outcome.acted_at, progress))


def _own(when: dt.datetime | None, progress: Progress) -> dt.datetime | None:
    return when if when is not None and when >= progress.received_at else None
