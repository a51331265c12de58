"""What each operator and platform was sent and what it answered, for the page of public figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from aduan.blocklists.codes import OutcomeStatus
from aduan.operators.models import Operator
from aduan.referrals.codes import PlatformAnswer
from aduan.statistics.datasets import ANY, OTHER
from aduan.statistics.queries import asked_in
from portal.public.charts import Chart
from portal.public.pace_pictures import StepChart, step_chart
from portal.public.statistics_charts import MONTHS_SHOWN, months_chart
from portal.public.statistics_labels import (
    FigureLine,
    answer_lines,
    answer_pace_labels,
    label_of,
    pace_lines,
)
from portal.public.statistics_words import Published, month_name

Remarks = Mapping[tuple[str, str], str]  # month and code of the receiver → its sentence
# What is always told of each, also when it was none.
_ALWAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "answers": (OutcomeStatus.BLOCKED, OutcomeStatus.NOT_OURS, OutcomeStatus.REFUSED, "silent"),
    "referrals": (PlatformAnswer.SUSPENDED, PlatformAnswer.NO_VIOLATION, PlatformAnswer.NEED_MORE, "silent"),
}


@dataclass(frozen=True, slots=True)
class Receiver:
    """An operator or platform: what it was sent and what it answered in the newest month that has settled."""

    code: str
    name: str
    since: str
    total: str
    pace: list[FigureLine]
    answers: list[FigureLine]
    steps: StepChart | None
    chart: Chart
    remark: str


def receivers_of(
    published: Published, rows: list[dict[str, str]], month: str, remarks: Remarks
) -> list[Receiver]:
    """Those of one kind: their steps have one scale, so that they can be compared."""
    shown = published.months[-MONTHS_SHOWN:]
    medians = [published.bound(f"{_before(row)}.{one}.p50") for row in rows for one in shown]
    top = max((hours for hours in medians if hours is not None), default=0)
    return [_receiver(published, row, month, remarks, top) for row in rows]


def _before(row: Mapping[str, str]) -> str:
    return f"{asked_in(row['kind'])}.{row['code']}"


def _receiver(
    published: Published, row: Mapping[str, str], month: str, remarks: Remarks, top: int
) -> Receiver:
    before, promised = _before(row), row["kind"] != Operator.Kind.OTT
    answers = _answers(published, asked_in(row["kind"]), f"{before}.{month}")
    labels = answer_pace_labels(promised=promised)
    pace = pace_lines(published, f"{before}.{month}", labels, promised=promised)
    return Receiver(
        row["code"],
        row["name"],
        since=date_format(dt.date.fromisoformat(row["since"]), "F Y") if row["since"] else "",
        total=published.sent(before, month),
        pace=pace if answers else [],
        answers=answers,
        steps=_steps(published, row["name"], before, top) if promised else None,
        chart=months_chart(
            published, before, _("Numbers sent to %(name)s, by month") % {"name": row["name"]}
        ),
        remark=remarks.get((month, row["code"]), ""),
    )


def _answers(published: Published, dataset: str, before: str) -> list[FigureLine]:
    """What was folded away is said to be so: it may be none."""
    lines = answer_lines(published, before)
    counts = published.values_of(f"{before}.answer")
    missing = [code for code in _ALWAYS[dataset] if code not in counts] if counts else []
    value = _("not shown apart") if {OTHER, ANY} & counts.keys() else "0"
    return [*lines, *(FigureLine(label_of("answer", code), value) for code in missing)]


def _steps(published: Published, name: str, before: str, top: int) -> StepChart | None:
    return step_chart(
        _("Half of the answers of %(name)s within these hours, by month") % {"name": name},
        [
            (
                month_name(month),
                month_name(month, "M")[:3],
                published.hours(f"{before}.{month}.p50"),
                published.bound(f"{before}.{month}.p50"),
            )
            for month in published.months[-MONTHS_SHOWN:]
        ],
        top=top,
    )
