"""Codes of the public tables for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from aduan.blocklists.codes import OutcomeStatus
from aduan.complaints.categories import GROUPS, all_categories
from aduan.complaints.types import Channel
from aduan.numbers.kinds import NumberKind
from aduan.referrals.codes import PlatformAnswer
from portal.common.amounts import grouped

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from portal.public.statistics_words import Published


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A row of a table: what, and how many in words."""

    name: str
    value: str
    share: str = ""


_WORDS: Final[Mapping[str, StrOrPromise]] = {
    "other": gettext_lazy("Several rare ones together"),
    "*": gettext_lazy("Too few to be split"),
    "none": gettext_lazy("Not known"),
    "silent": gettext_lazy("No answer in 15 days"),
    "unchecked": gettext_lazy("Answered by mail, not checked yet"),
    "withdrawn": gettext_lazy("Withdrawn before an answer"),
}


def label_of(column: str, value: str) -> str:
    """A code of the public tables for people; a code without a label stands for itself."""
    if value in _WORDS:
        return str(_WORDS[value])
    if column == "category" and (category := all_categories().get(value)):
        return category.label_en if get_language() == "en" else category.label_id
    labels: dict[str, dict[str, StrOrPromise]] = {
        "group": dict(GROUPS),
        "channel": dict(Channel.choices),
        "kind": dict(NumberKind.choices),
        "answer": {
            "upheld": _("Found right"),
            "rejected": _("Refused"),
            **dict(OutcomeStatus.choices),
            OutcomeStatus.REFUSED: _("Refused, with a reason"),
            **dict(PlatformAnswer.choices),
        },
    }
    return capfirst(str(labels.get(column, {}).get(value, value))) if value else _("Not known")


def answer_lines(published: Published, before: str) -> list[FigureLine]:
    """The most frequent first."""
    return [
        FigureLine(label_of("answer", one), grouped(n), published.share(f"{before}.answer.{one}"))
        for one, n in published.values_of(f"{before}.answer").items()
    ]


def answer_pace_labels(*, promised: bool) -> list[str]:
    """What `pace_lines` says of answers; no law binds a platform to a time."""
    labels = [_("Half of the answers within"), _("95 of 100 answers within")]
    return [_("Done within 24 hours"), *labels] if promised else labels


def pace_lines(published: Published, before: str, labels: list[str], *, promised: bool) -> list[FigureLine]:
    """`labels`: of the share that kept the promise if there is one, of the median, of the 95th percentile."""
    values = [published.kept(before)] if promised else []
    values += [published.hours(f"{before}.p50"), published.hours(f"{before}.p95")]
    return [FigureLine(label, value) for label, value in zip(labels, values, strict=True)]
