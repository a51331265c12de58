"""The page of public figures as data for its template: all of one snapshot, nothing from live tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from aduan.operators.models import Operator
from aduan.statistics.queries import table_of
from portal.common.amounts import grouped
from portal.public.charts import Chart
from portal.public.outcome_strokes import Strokes, strokes_of
from portal.public.pace_pictures import PaceBar, pace_bar
from portal.public.statistics_charts import MONTHS_SHOWN, months_chart, weeks_chart
from portal.public.statistics_corrections import CorrectionLine, newest_corrections
from portal.public.statistics_labels import (
    FigureLine,
    answer_lines,
    answer_pace_labels,
    label_of,
    pace_lines,
)
from portal.public.statistics_receivers import Receiver, receivers_of
from portal.public.statistics_words import OUTCOMES, Published, month_name

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from aduan.statistics.models import Snapshot

AGES: Final[Mapping[str, StrOrPromise]] = {
    "under_a_day": gettext_lazy("Under a day"),
    "under_three_days": gettext_lazy("One to three days"),
    "under_a_week": gettext_lazy("Three to seven days"),
    "older": gettext_lazy("Longer than a week"),
}
_SPLITS: Final[tuple[tuple[str, StrOrPromise], ...]] = (
    ("category", gettext_lazy("By kind of fraud")),
    ("channel", gettext_lazy("By channel")),
    ("kind", gettext_lazy("By kind of number")),
    ("region", gettext_lazy("By region of landlines")),
)
# Stands before the more frequent ones: it is what a complainant can do better.
_NO_EVIDENCE: Final = "dismiss-no-evidence"


@dataclass(frozen=True, slots=True)
class Split:
    title: StrOrPromise
    lines: list[FigureLine]


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a step took in a month, as a table and as a bar. No lines: nothing is known yet."""

    month: str
    lines: list[FigureLine]
    bar: PaceBar | None


@dataclass(frozen=True, slots=True)
class Page:
    """What templates/public/statistics.html shows. Months are those of Jakarta."""

    snapshot: Snapshot
    received: str
    outcomes: list[FigureLine]
    strokes: list[Strokes]
    decided: Pace
    listed: Pace
    answered: Pace
    kept: list[FigureLine]
    months: Chart
    weeks: Chart
    dismissed: list[FigureLine]
    dismissed_month: str
    open_cases: list[FigureLine]
    month: str
    picture_month: str
    splits: list[Split]
    wrong: list[FigureLine]
    objections: list[FigureLine]
    objections_month: str
    operators: list[Receiver]
    operators_month: str
    platforms: list[Receiver]
    platforms_month: str
    corrections: list[CorrectionLine]


def page_of(snapshot: Snapshot) -> Page:
    published = Published(snapshot)
    split = published.newest_split("complaints.received")
    dismissed = published.newest_split("decisions.dismiss")
    objected = published.newest_split("objections.proven")
    receivers = table_of(snapshot, "receivers")
    remarks = {(row["month"], row["receiver"]): row["text"] for row in table_of(snapshot, "remarks")}
    platforms = [row for row in receivers if row["kind"] == Operator.Kind.OTT]
    operators = [row for row in receivers if row not in platforms]
    answered, referred = published.newest_split("answers.all"), published.newest_split("referrals.all")
    return Page(
        snapshot,
        received=published.words("complaints.received.all.total"),
        outcomes=_outcomes(published),
        strokes=strokes_of(
            {str(label): published.number(f"decisions.{act}.all.total") for act, label in OUTCOMES}
        ),
        decided=_decided(published),
        listed=_listed(published),
        answered=_answered(published),
        kept=_kept(published, published.split_months("decision_times.all")[-MONTHS_SHOWN:]),
        months=months_chart(published, "complaints.received", _("Complaints received, by month")),
        weeks=weeks_chart(published, "complaints.received", _("Complaints received, by week")),
        dismissed=_reasons(published, f"decisions.dismiss.{dismissed}", snapshot) if dismissed else [],
        dismissed_month=month_name(dismissed),
        open_cases=_open_cases(published),
        month=month_name(split),
        picture_month=split,
        splits=_splits(published, split),
        wrong=_wrong(published),
        objections=answer_lines(published, f"objections.proven.{objected}"),
        objections_month=month_name(objected),
        operators=receivers_of(published, operators, answered, remarks),
        operators_month=month_name(answered),
        platforms=receivers_of(published, platforms, referred, remarks),
        platforms_month=month_name(referred),
        corrections=newest_corrections(snapshot, {row["code"]: row["name"] for row in receivers}),
    )


def _outcomes(published: Published) -> list[FigureLine]:
    found = [
        FigureLine(str(label), published.words(f"{before}.total"), published.share(before))
        for before, label in ((f"decisions.{name}.all", label) for name, label in OUTCOMES)
    ]
    return [
        *found,
        FigureLine(_("Held for a time, while examined"), published.words("holds.placed.all.total")),
    ]


def _open_cases(published: Published) -> list[FigureLine]:
    return [FigureLine(str(label), published.words(f"open_cases.{age}")) for age, label in AGES.items()]


def _kept(published: Published, months: list[str]) -> list[FigureLine]:
    return [FigureLine(month_name(month), published.kept(f"decision_times.all.{month}")) for month in months]


def _decided(published: Published) -> Pace:
    labels = [
        _("Decided within the time promised"),
        _("Half were decided in"),
        _("95 of 100 were decided in"),
    ]
    return _pace(published, "decision_times.all", labels, promised=True)


def _listed(published: Published) -> Pace:
    labels = [_("Half stood on a list after"), _("95 of 100 stood on a list after")]
    return _pace(published, "listing_times.all", labels, promised=False)


def _answered(published: Published) -> Pace:
    return _pace(published, "answers.all", answer_pace_labels(promised=True), promised=True)


def _pace(published: Published, before: str, labels: list[str], *, promised: bool) -> Pace:
    month = published.newest_split(before)
    if not month:
        return Pace("", [], None)
    before = f"{before}.{month}"
    return Pace(
        month_name(month),
        pace_lines(published, before, labels, promised=promised),
        pace_bar(published.bound(f"{before}.p50"), published.bound(f"{before}.p95"), promised=promised),
    )


def _reasons(published: Published, before: str, snapshot: Snapshot) -> list[FigureLine]:
    """In the words that reviewers pick."""
    label = "label_en" if get_language() == "en" else "label_id"
    words = {row["code"]: row[label] for row in table_of(snapshot, "reasons")}
    counts = published.values_of(f"{before}.reason")
    return [
        FigureLine(
            words.get(code) or label_of("reason", code),
            grouped(counts[code]),
            published.share(f"{before}.reason.{code}"),
        )
        for code in sorted(counts, key=lambda one: one != _NO_EVIDENCE)
    ]


def _splits(published: Published, month: str) -> list[Split]:
    found = []
    for column, title in _SPLITS:
        values = published.values_of(f"complaints.received.{month}.{column}")
        if column == "region":
            values = {name: count for name, count in values.items() if name not in {"none", "*"}}
        before = f"complaints.received.{month}.{column}"
        lines = [
            FigureLine(label_of(column, value), grouped(n), published.share(f"{before}.{value}"))
            for value, n in values.items()
        ]
        if lines:
            found.append(Split(title, lines))
    return found


def _wrong(published: Published) -> list[FigureLine]:
    lines = [
        (_("Objections of proven owners"), "objections.proven.all.total"),
        (_("Blocks lifted because they were wrong"), "wrong_blocks.block.all.total"),
        (_("Holds ended because they were wrong"), "wrong_blocks.hold.all.total"),
    ]
    shown = [FigureLine(label, published.words(name)) for label, name in lines]
    hours = published.number("wrong_blocks.all.all.hours_blocked")
    blocked = _("not shown") if hours is None else grouped(hours)
    return [*shown, FigureLine(_("Hours blocked wrongly, in the months that are released"), blocked)]
