"""The page of public figures as data for its template: all of one snapshot, nothing from live tables."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from aduan.blocklists.codes import OutcomeStatus
from aduan.complaints.categories import GROUPS, all_categories
from aduan.complaints.types import Channel
from aduan.numbers.kinds import NumberKind
from aduan.operators.models import Operator
from aduan.statistics.queries import figures_of, table_of
from portal.public.charts import Chart, bar_chart

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from aduan.statistics.models import Snapshot

MONTHS_SHOWN: Final = 12
_MONTH: Final = re.compile(r"complaints\.received\.(\d{4}-\d{2})\.total")
OUTCOMES: Final[tuple[tuple[str, StrOrPromise], ...]] = (
    ("block", gettext_lazy("Blocked at the operator")),
    ("refer", gettext_lazy("Referred to a platform")),
    ("spoofed", gettext_lazy("Number was forged: its owner is innocent")),
    ("dismiss", gettext_lazy("Closed without a measure")),
    ("not_ours", gettext_lazy("Not for this ministry")),
)
AGES: Final[Mapping[str, StrOrPromise]] = {
    "under_a_day": gettext_lazy("Under a day"),
    "under_three_days": gettext_lazy("One to three days"),
    "under_a_week": gettext_lazy("Three to seven days"),
    "older": gettext_lazy("Longer than a week"),
}
_WORDS: Final[Mapping[str, StrOrPromise]] = {
    "other": gettext_lazy("Several rare ones together"),
    "*": gettext_lazy("Too few to be split"),
    "none": gettext_lazy("Not known"),
    "silent": gettext_lazy("No answer in 15 days"),
}
_SPLITS: Final[tuple[tuple[str, StrOrPromise], ...]] = (
    ("category", gettext_lazy("By kind of fraud")),
    ("channel", gettext_lazy("By channel")),
    ("kind", gettext_lazy("By kind of number")),
    ("region", gettext_lazy("By region of landlines")),
)
_ANSWERS: Final = (*OutcomeStatus.values, "silent", "other", "*")


@dataclass(frozen=True, slots=True)
class FigureLine:
    """A row of a table: what, and how many in words."""

    name: str
    value: str
    share: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    title: StrOrPromise
    lines: list[FigureLine]


@dataclass(frozen=True, slots=True)
class Receiver:
    """An operator or platform: what it was sent and what it answered in the newest month that has settled."""

    code: str
    name: str
    since: str
    total: str
    answers: list[FigureLine]
    chart: Chart


@dataclass(frozen=True, slots=True)
class Page:
    """What templates/public/statistics.html shows. Months are those of Jakarta."""

    snapshot: Snapshot
    received: str
    outcomes: list[FigureLine]
    months: Chart
    open_cases: list[FigureLine]
    month: str
    splits: list[Split]
    objections: list[FigureLine]
    operators: list[Receiver]
    platforms: list[Receiver]
    answers_month: str


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
        return grouped(value) if isinstance(value, int) else _("fewer than 10")

    def values_of(self, before: str) -> dict[str, int]:
        """Value → rows of one column, the most frequent first."""
        found = {
            name.removeprefix(f"{before}."): value
            for name, value in self.figures.items()
            if name.startswith(f"{before}.") and isinstance(value, int)
        }
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0])))

    def split_months(self, before: str) -> list[str]:
        """Months of which combinations are released."""
        pattern = re.compile(rf"{re.escape(before)}\.(\d{{4}}-\d{{2}})\.(?!total)")
        return sorted({found[1] for name in self.figures if (found := pattern.match(name))})


def page_of(snapshot: Snapshot) -> Page:
    published = Published(snapshot)
    split = (published.split_months("complaints.received") or [""])[-1]
    receivers = table_of(snapshot, "receivers")
    settled = sorted({one for row in receivers for one in published.split_months(f"answers.{row['code']}")})
    answers_month = settled[-1] if settled else ""
    platforms = [row for row in receivers if row["kind"] == Operator.Kind.OTT]
    operators = [row for row in receivers if row not in platforms]
    return Page(
        snapshot,
        received=published.words("complaints.received.all.total"),
        outcomes=_outcomes(published),
        months=_months(published, "complaints.received", _("Complaints received, by month")),
        open_cases=[
            FigureLine(str(label), published.words(f"open_cases.{age}")) for age, label in AGES.items()
        ],
        month=month_name(split),
        splits=_splits(published, split),
        objections=_objections(published),
        operators=[_receiver(published, row, answers_month) for row in operators],
        platforms=[_receiver(published, row, answers_month) for row in platforms],
        answers_month=month_name(answers_month),
    )


def grouped(value: int) -> str:
    return number_format(value, force_grouping=True)


def month_name(month: str, style: str = "F Y") -> str:
    return date_format(dt.date.fromisoformat(f"{month}-01"), style) if month else ""


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
        "answer": dict(OutcomeStatus.choices),
    }
    return str(labels.get(column, {}).get(value, value)).capitalize() if value else _("Not known")


def _outcomes(published: Published) -> list[FigureLine]:
    counts = {name: published.number(f"decisions.{name}.all.total") for name, _label in OUTCOMES}
    # A share of what is shown would be taken for one of all.
    total = 0 if None in counts.values() else sum(count or 0 for count in counts.values())
    return [
        FigureLine(str(label), published.words(f"decisions.{name}.all.total"), _share(counts[name], total))
        for name, label in OUTCOMES
    ]


def _months(published: Published, before: str, title: str) -> Chart:
    return bar_chart(
        title,
        [
            (month_name(month), month_name(month, "M")[:3], published.number(f"{before}.{month}.total"))
            for month in published.months[-MONTHS_SHOWN:]
        ],
    )


def _splits(published: Published, month: str) -> list[Split]:
    found = []
    for column, title in _SPLITS:
        values = published.values_of(f"complaints.received.{month}.{column}")
        if column == "region":
            values = {name: count for name, count in values.items() if name not in {"none", "*"}}
        total = sum(values.values())
        lines = [
            FigureLine(label_of(column, value), grouped(n), _share(n, total)) for value, n in values.items()
        ]
        if lines:
            found.append(Split(title, lines))
    return found


def _objections(published: Published) -> list[FigureLine]:
    lines = [
        (_("Objections of proven owners"), "objections.filed.all.total"),
        (_("of these found right"), "objections.upheld.all.total"),
        (_("of these refused"), "objections.rejected.all.total"),
        (_("Blocks lifted because they were wrong"), "wrong_blocks.released.all.total"),
    ]
    shown = [FigureLine(label, published.words(name)) for label, name in lines]
    hours = sum(
        value
        for name, value in published.figures.items()
        if name.startswith("wrong_blocks.released.")
        and name.endswith(".hours_blocked")
        and isinstance(value, int)
    )
    return [*shown, FigureLine(_("Hours blocked wrongly, in the months that are released"), grouped(hours))]


def _receiver(published: Published, row: Mapping[str, str], month: str) -> Receiver:
    before = f"answers.{row['code']}"
    # A platform's answers on its own pages are not among the counted ones yet: it would stand as silent.
    answers = {} if row["kind"] == Operator.Kind.OTT else published.values_of(f"{before}.{month}.answer")
    total = sum(answers.values())
    return Receiver(
        row["code"],
        row["name"],
        since=date_format(dt.date.fromisoformat(row["since"]), "F Y") if row["since"] else "",
        total=published.words(f"{before}.{month}.total"),
        answers=[
            FigureLine(label_of("answer", one), grouped(answers[one]), _share(answers[one], total))
            for one in _ANSWERS
            if one in answers
        ],
        chart=_months(published, before, _("Numbers sent to %(name)s, by month") % {"name": row["name"]}),
    )


def _share(part: int | None, total: int) -> str:
    return f"{number_format(100 * part / total, decimal_pos=1)} %" if part and total else ""
