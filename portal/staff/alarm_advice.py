"""What to do about an alarm, in one sentence that leads to the page where it is done."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aduan.cases.models import Alarm

if TYPE_CHECKING:
    from collections.abc import Callable

    from django_stubs_ext import StrOrPromise

    from aduan.cases.queries import Dashboard
    from aduan.cases.queries.oversight import UnseenAlarm

_DECISIONS: Final = gettext_lazy("Read some of these decisions again, and talk with the person")
_ADVICE: Final[dict[str, tuple[StrOrPromise, str]]] = {
    Alarm.Kind.RUBBER_STAMP: (_DECISIONS, "staff:person_figures"),
    Alarm.Kind.BULK: (_DECISIONS, "staff:person_figures"),
    Alarm.Kind.CONTACTS_REVEALED: (gettext_lazy("Read the reasons one by one"), "staff:contact_access"),
    Alarm.Kind.NEW_DECIDER: (gettext_lazy("Make sure that this person is known to you"), "staff:team"),
    Alarm.Kind.LIST_REJECTED: (gettext_lazy("Compare the list with the next one"), "staff:lists"),
}
_AHEAD: Final = 7


@dataclass(frozen=True, slots=True)
class AdvisedAlarm:
    alarm: UnseenAlarm
    words: StrOrPromise
    advice: StrOrPromise
    address: str


@dataclass(frozen=True, slots=True)
class GrowingQueue:
    """More comes in than is decided: by how much a day, and how many more people would close the gap."""

    sentence: str
    advice: str
    address: str


def advised(alarm: UnseenAlarm) -> AdvisedAlarm:
    advice, page = _ADVICE[alarm.kind]
    of_person = page == "staff:person_figures"
    if of_person and alarm.person_id is None:
        return AdvisedAlarm(alarm, Alarm.Kind(alarm.kind).label, advice, "")
    address = reverse(page, args=[alarm.person_id] if of_person else [])
    return AdvisedAlarm(alarm, Alarm.Kind(alarm.kind).label, advice, address)


def growing_queue(figures: Dashboard, *, paces: Callable[[], list[float]]) -> GrowingQueue | None:
    """Over the whole days of the last week; None while the queue does not grow.

    `paces`: decisions a day of each person, asked for only when it does.
    """
    past = figures.days[-_AHEAD - 1 : -1]
    more = sum(day.opened - day.decided for day in past) / max(len(past), 1)
    if more < 1:
        return None
    sentence = ngettext(
        "In the last week the queue grew by %d case a day.",
        "In the last week the queue grew by %d cases a day.",
        round(more),
    )
    advice = _("Share out the oldest cases")
    if known := paces():
        people = math.ceil(more / (sum(known) / len(known)))
        needed = ngettext("%d more person would close the gap", "%d more people would close the gap", people)
        advice = f"{needed % people}: {advice}"
    return GrowingQueue(sentence % round(more), advice, reverse("staff:queue") + "?sort=oldest")
