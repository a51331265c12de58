"""The page of public figures as data for its template: all of one snapshot, nothing from live tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from aduan.blocklists.codes import OutcomeStatus
from aduan.complaints.categories import GROUPS, all_categories
from aduan.complaints.types import Channel
from aduan.numbers.kinds import NumberKind
from aduan.operators.models import Operator
from aduan.referrals.codes import PlatformAnswer
from aduan.statistics.queries import asked_in, table_of
from portal.common.amounts import grouped
from portal.public.charts import Chart
from portal.public.statistics_charts import MONTHS_SHOWN, months_chart, weeks_chart
from portal.public.statistics_words import Published, month_name

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    from aduan.statistics.models import Snapshot

Remarks = Mapping[tuple[str, str], str]  # month and code of the receiver → its sentence
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
    "unchecked": gettext_lazy("Answered by mail, not checked yet"),
    "withdrawn": gettext_lazy("Withdrawn before an answer"),
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
    pace: list[FigureLine]
    answers: list[FigureLine]
    chart: Chart
    remark: str


@dataclass(frozen=True, slots=True)
class Page:
    """What templates/public/statistics.html shows. Months are those of Jakarta."""

    snapshot: Snapshot
    received: str
    outcomes: list[FigureLine]
    pace: list[FigureLine]
    kept: list[FigureLine]
    pace_month: str
    listed: list[FigureLine]
    listed_month: str
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
    platforms: list[Receiver]
    answers_month: str


def page_of(snapshot: Snapshot) -> Page:
    published = Published(snapshot)
    split = (published.split_months("complaints.received") or [""])[-1]
    decided = published.split_months("decision_times.all")
    dismissed = (published.split_months("decisions.dismiss") or [""])[-1]
    listed = (published.split_months("listing_times.all") or [""])[-1]
    objected = (published.split_months("objections.proven") or [""])[-1]
    receivers = table_of(snapshot, "receivers")
    remarks = {(row["month"], row["receiver"]): row["text"] for row in table_of(snapshot, "remarks")}
    settled = sorted(
        {one for row in receivers for one in published.split_months(f"{asked_in(row['kind'])}.{row['code']}")}
    )
    answers_month = settled[-1] if settled else ""
    platforms = [row for row in receivers if row["kind"] == Operator.Kind.OTT]
    operators = [row for row in receivers if row not in platforms]
    return Page(
        snapshot,
        received=published.words("complaints.received.all.total"),
        outcomes=_outcomes(published),
        pace=_pace(published, (decided or [""])[-1]),
        kept=_kept(published, decided[-MONTHS_SHOWN:]),
        pace_month=month_name((decided or [""])[-1]),
        listed=_listed(published, listed) if listed else [],
        listed_month=month_name(listed),
        months=months_chart(published, "complaints.received", _("Complaints received, by month")),
        weeks=weeks_chart(published, "complaints.received", _("Complaints received, by week")),
        dismissed=_reasons(published, f"decisions.dismiss.{dismissed}", snapshot) if dismissed else [],
        dismissed_month=month_name(dismissed),
        open_cases=_open_cases(published),
        month=month_name(split),
        picture_month=split,
        splits=_splits(published, split),
        wrong=_wrong(published),
        objections=_answers(published, f"objections.proven.{objected}"),
        objections_month=month_name(objected),
        operators=[_receiver(published, row, answers_month, remarks) for row in operators],
        platforms=[_receiver(published, row, answers_month, remarks) for row in platforms],
        answers_month=month_name(answers_month),
    )


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
            **dict(PlatformAnswer.choices),
        },
    }
    return capfirst(str(labels.get(column, {}).get(value, value))) if value else _("Not known")


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


def _pace(published: Published, month: str) -> list[FigureLine]:
    decided = f"decision_times.all.{month}"
    return [
        FigureLine(_("Decided within the time promised"), published.kept(decided)),
        FigureLine(_("Half were decided in"), published.hours(f"{decided}.p50")),
        FigureLine(_("95 of 100 were decided in"), published.hours(f"{decided}.p95")),
    ]


def _listed(published: Published, month: str) -> list[FigureLine]:
    before = f"listing_times.all.{month}"
    return [
        FigureLine(_("Half stood on a list after"), published.hours(f"{before}.p50")),
        FigureLine(_("95 of 100 stood on a list after"), published.hours(f"{before}.p95")),
    ]


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


def _answers(published: Published, before: str) -> list[FigureLine]:
    return [
        FigureLine(label_of("answer", one), grouped(n), published.share(f"{before}.answer.{one}"))
        for one, n in published.values_of(f"{before}.answer").items()
    ]


def _wrong(published: Published) -> list[FigureLine]:
    lines = [
        (_("Objections of proven owners"), "objections.proven.all.total"),
        (_("Blocks lifted because they were wrong"), "wrong_blocks.block.all.total"),
        (_("Holds ended because they were wrong"), "wrong_blocks.hold.all.total"),
    ]
    shown = [FigureLine(label, published.words(name)) for label, name in lines]
    hours = sum(
        value
        for name, value in published.figures.items()
        if name.startswith("wrong_blocks.all.") and name.endswith(".hours_blocked") and isinstance(value, int)
    )
    return [*shown, FigureLine(_("Hours blocked wrongly, in the months that are released"), grouped(hours))]


def _receiver(published: Published, row: Mapping[str, str], month: str, remarks: Remarks) -> Receiver:
    before = f"{asked_in(row['kind'])}.{row['code']}"
    answers = _answers(published, f"{before}.{month}")
    pace = [
        FigureLine(_("Half answered in"), published.hours(f"{before}.{month}.p50")),
        FigureLine(_("95 of 100 answered in"), published.hours(f"{before}.{month}.p95")),
    ]
    if row["kind"] != Operator.Kind.OTT:  # no law binds a platform to a time
        pace.insert(0, FigureLine(_("Done within 24 hours"), published.kept(f"{before}.{month}")))
    return Receiver(
        row["code"],
        row["name"],
        since=date_format(dt.date.fromisoformat(row["since"]), "F Y") if row["since"] else "",
        total=published.sent(before, month),
        pace=pace if answers else [],
        answers=answers,
        chart=months_chart(
            published, before, _("Numbers sent to %(name)s, by month") % {"name": row["name"]}
        ),
        remark=remarks.get((month, row["code"]), ""),
    )
