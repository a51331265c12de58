"""What the person who signs reads about the holder of a number."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from aduan.cases.models import Case
from aduan.recycling.models import RecyclingCheck


@dataclass(frozen=True, slots=True)
class HolderQuestion:
    """The newest question to the operator's interface; all empty before the first.

    `changed`: whether the number has a new holder since the day `since`; None while there is no answer.
    """

    asked_at: dt.datetime | None = None
    since: dt.date | None = None
    changed: bool | None = None


def holder_question(case_id: int) -> HolderQuestion | None:
    """None where the number's operator has no interface that could be asked."""
    if not settings.RECYCLING_APIS:
        return None
    case = Case.objects.filter(operator__code__in=list(settings.RECYCLING_APIS), number_kind="mobile")
    if not case.filter(pk=case_id).exists():
        return None
    newest = RecyclingCheck.objects.filter(case=case_id).order_by("-asked_at").first()
    return HolderQuestion(newest.asked_at, newest.since, newest.changed) if newest else HolderQuestion()
