"""The figures of a snapshot in words."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aduan.statistics.datasets import DATASETS
from aduan.statistics.queries import figures_of
from portal.common.amounts import grouped

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from aduan.statistics.models import Snapshot

OUTCOMES: Final[tuple[tuple[str, StrOrPromise], ...]] = (
    ("block", gettext_lazy("Blocked at the operator")),
    ("refer", gettext_lazy("Referred to a platform")),
    ("spoofed", gettext_lazy("Number was forged: its owner is innocent")),
    ("dismiss", gettext_lazy("Closed without a measure")),
    ("not_ours", gettext_lazy("Not for this ministry")),
)
_MONTH: Final = re.compile(r"complaints\.received\.(\d{4}-\d{2})\.total")


class Published:
    """The figures of a snapshot by name, in words."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.figures = figures_of(snapshot)
        known = sorted(found[1] for name in self.figures if (found := _MONTH.fullmatch(name)))
        self.months = _without_gaps(known)

    def number(self, name: str) -> int | None:
        value = self.figures.get(name)
        return value if isinstance(value, int) else None

    def words(self, name: str) -> str:
        dataset = DATASETS.get(name.partition(".")[0])
        unreleased = "*" if dataset and dataset.pooled else "<10"
        value = self.figures.get(name, unreleased)
        if isinstance(value, int):
            return grouped(value)
        return _("not shown") if value == "*" else _("fewer than 10")

    def sent(self, before: str, month: str) -> str:
        """How many a receiver was sent; where earlier months had to wait, with these."""
        found = self.words(f"{before}.{month}.total")
        since = str(self.figures.get(f"{before}.{month}.since", ""))
        if not since:
            return found
        return _("%(count)s, since %(month)s") % {"count": found, "month": month_name(since)}

    def kept(self, before: str) -> str:
        """The share of what was done in the time promised; an at-least where rows were folded away."""
        value = str(self.figures.get(f"{before}.kept_share", "*"))
        if value == "*":
            return _("too few to be told")
        return _share_words(value)

    def hours(self, name: str) -> str:
        """A percentile: its class is known, so that the hours are at most these."""
        value = str(self.figures.get(name, "*"))
        if value == "*":
            return _("too few to be told")
        if value.startswith(">"):
            return _("more than %(hours)s hours") % {"hours": grouped(int(value[1:]))}
        bound = int(value)
        words = ngettext("at most %(hours)s hour", "at most %(hours)s hours", bound)
        return words % {"hours": grouped(bound)}

    def bound(self, name: str) -> int | None:
        """A percentile as a number; None where it is withheld or has no upper bound."""
        value = str(self.figures.get(name, ""))
        return int(value) if value.isdigit() else None

    def share(self, name: str) -> str:
        value = self.figures.get(f"{name}.share")
        return _share_words(str(value)) if value is not None else ""

    def values_of(self, before: str) -> dict[str, int]:
        """Value → rows of one column, the most frequent first."""
        found = {
            name.removeprefix(f"{before}."): value
            for name, value in self.figures.items()
            if name.startswith(f"{before}.") and isinstance(value, int)
        }
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))

    def weeks(self, before: str) -> list[dt.date]:
        """The Mondays from the first week with a number to the newest; none between is left out."""
        pattern = re.compile(rf"{re.escape(before)}\.(\d{{4}}-W\d{{2}})\.total")
        known = sorted(found[1] for name in self.figures if (found := pattern.fullmatch(name)))
        if not known:
            return []
        first, last = (dt.datetime.strptime(f"{one}-1", "%G-W%V-%u").date() for one in (known[0], known[-1]))
        return [first + dt.timedelta(weeks=turn) for turn in range((last - first).days // 7 + 1)]

    def split_months(self, before: str) -> list[str]:
        """Months of which combinations are released; a total and `since` come earlier."""
        pattern = re.compile(rf"{re.escape(before)}\.(\d{{4}}-\d{{2}})\.(?!(?:total|since)$)")
        return sorted({found[1] for name in self.figures if (found := pattern.match(name))})

    def newest_split(self, before: str) -> str:
        """The newest of these months; empty where there is none."""
        return (self.split_months(before) or [""])[-1]


def _without_gaps(months: list[str]) -> list[str]:
    """From the first to the last; a month without a figure keeps its place on a chart."""
    if not months:
        return []
    first, last = (12 * int(one[:4]) + int(one[5:]) - 1 for one in (months[0], months[-1]))
    return [f"{turn // 12}-{turn % 12 + 1:02d}" for turn in range(first, last + 1)]


def month_name(month: str, style: str = "F Y") -> str:
    return date_format(dt.date.fromisoformat(f"{month}-01"), style) if month else ""


def _share_words(value: str) -> str:
    """`98.2` → `98.2 %`; `>=97.0` → at least."""
    percent = f"{number_format(float(value.removeprefix('>=')), decimal_pos=1)}\u00a0%"
    return _("at least %(share)s") % {"share": percent} if value.startswith(">=") else percent
