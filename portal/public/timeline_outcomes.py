"""What the lists and the operators say about a complaint's number, put into its timeline.

The package of complaints cannot import the one of lists (a list is never built from complaints); this
interface shows both.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aduan.blocklists.queries import outcomes_of, published_block
from aduan.complaints.types import Progress, TimelineStep

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


def with_outcomes(progress: Progress, *, on: dt.date) -> list[TimelineStep]:
    """The timeline with the list that carries the number and with each receiver's newest answer."""
    if progress.case_id is None:
        return list(progress.steps)
    listed = _listed(progress, on)
    answers = [_answer(outcome) for outcome in outcomes_of(progress.case_id)]
    steps: list[TimelineStep] = []
    for step in progress.steps:
        if step.code == "listed" and listed:
            steps.append(listed)
        elif step.code == "answered" and answers:
            steps += answers
            answers = []
        elif step.code == "answered" and listed:
            steps.append(dataclasses.replace(step, state="now"))
        else:
            steps.append(step)
    return steps + answers


def _listed(progress: Progress, on: dt.date) -> TimelineStep | None:
    if not progress.number.startswith("+"):
        return None
    block = published_block(int(progress.number), on)
    if block is None or block.case_id != progress.case_id:
        return None
    return TimelineStep(
        "listed",
        _("On the operator’s list"),
        _("The operator has 24 hours to act on it."),
        at=block.listed_at,
    )


def _answer(outcome: Outcome) -> TimelineStep:
    title = _("Answer of %(receiver)s") % {"receiver": outcome.operator.name}
    return TimelineStep("answered", title, _OUTCOME_TEXTS.get(outcome.answer, ""), at=outcome.acted_at)
