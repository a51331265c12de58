"""The figures of a snapshot in words."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from aduan.statistics.queries import figures_of
from portal.common.amounts import grouped

if TYPE_CHECKING:
    from aduan.statistics.models import Snapshot

_MONTH: Final = re.compile(r"complaints\.received\.(\d{4}-\d{2})\.total")


class Published:
    """The figures of a snapshot by name, in words."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.figures = figures_of(snapshot)
        self.months = sorted(found[1] for name in self.figures if (found := _MONTH.fullmatch(name)))

    def number(self, name: str) -> int | None:
        value = self.figures.get(name)
        return value if isinstance(value, int) else None

    def words(self, name: str) -> str:
        value = self.figures.get(name, "<10")
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
        return _("at most %(hours)s hours") % {"hours": grouped(int(value))}

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
        """Months of which combinations are released."""
        pattern = re.compile(rf"{re.escape(before)}\.(\d{{4}}-\d{{2}})\.(?!total)")
        return sorted({found[1] for name in self.figures if (found := pattern.match(name))})


def month_name(month: str, style: str = "F Y") -> str:
    return date_format(dt.date.fromisoformat(f"{month}-01"), style) if month else ""


def _share_words(value: str) -> str:
    """`98.2` → `98.2 %`; `>=97.0` → at least."""
    percent = f"{number_format(float(value.removeprefix('>=')), decimal_pos=1)}\u00a0%"
    return _("at least %(share)s") % {"share": percent} if value.startswith(">=") else percent
