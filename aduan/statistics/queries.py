"""What was released, as the tables of the files; and the snapshots."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.db import connection
from django.db.models import Min, Q

from aduan.blocklists.models import BlockList, ListSeries
from aduan.cases.queries import DECISION_CLOCK, DECISION_STANDS
from aduan.complaints.categories import all_categories
from aduan.operators.models import Operator
from aduan.statistics.code_lists import code_lists
from aduan.statistics.datasets import DATASETS, FOLDINGS, SETTLING_DAYS, STRATA, THRESHOLD
from aduan.statistics.drafts import GrowingFraud, draft_of
from aduan.statistics.models import (
    WARNING_PERIOD,
    Correction,
    PublicWarning,
    PublishedFile,
    ReleasedRow,
    ReleasedSpan,
    Remark,
    Snapshot,
)
from aduan.statistics.published import (
    COUNT,
    DATASET,
    FIGURES,
    MEANINGS,
    MONTH,
    SIGNATURE,
    STRATUM,
    Cell,
    Column,
    Table,
)
from aduan.statistics.remarks import closes_on

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aduan.statistics.datasets import Dataset, Folding


_GROWING: Final = """
    SELECT c.category, count(*) FILTER (WHERE c.decided_at >= %(since)s) AS now,
        count(*) FILTER (WHERE c.decided_at < %(since)s) AS before
    FROM cases_campaignlink l
    JOIN cases_case c ON c.id = l.case_id
    LEFT JOIN operators_operator o ON o.id = c.operator_id
    WHERE c.status IN ('confirmed', 'referred') AND c.decided_at >= %(before)s AND c.decided_at <= %(at)s
        AND o.is_sandbox IS NOT TRUE
    GROUP BY c.category HAVING count(*) FILTER (WHERE c.decided_at >= %(since)s)
        >= greatest(%(least)s, 1 + count(*) FILTER (WHERE c.decided_at < %(since)s))
    ORDER BY count(*) FILTER (WHERE c.decided_at >= %(since)s)
        - count(*) FILTER (WHERE c.decided_at < %(since)s) DESC, c.category
"""
_SQL: Final = Path(__file__).parent / "definitions"
OPEN_CASES: Final = "open_cases"  # counted as they stand at the end of a day, in no dataset
DEFINITIONS: Final = (*DATASETS, OPEN_CASES)  # what has a statement of its own


def receivers(*, day: dt.date) -> list[Operator]:
    """Operators and platforms that get lists on this day, or of which something is public already.

    One that merged into another keeps what it answered. The sandbox operator is none of them.
    """
    kinds = (Operator.Kind.MOBILE, Operator.Kind.OTT)
    listed = BlockList.objects.filter(state=BlockList.State.PUBLISHED).values("operator")
    released = ReleasedSpan.objects.filter(dataset__in=("answers", "referrals"), released_on__lte=day)
    now = Q(active__contains=day) & (Q(kind__in=kinds) | Q(pk__in=listed))
    shown = now | Q(code__in=released.values("stratum"))
    return list(Operator.objects.filter(shown, is_sandbox=False).order_by("code"))


def asked_in(kind: str) -> str:
    """The dataset that counts what an operator or platform answered."""
    return "referrals" if kind == Operator.Kind.OTT else "answers"


def tables_of(day: dt.date) -> list[Table]:
    """Everything that is public in the snapshot of `day`, open cases excepted."""
    return [
        _spans(day),
        *(_rows(dataset, folding, day) for dataset, folding in FOLDINGS.values()),
        _corrections(day),
        _strata(day),
        _receivers(day),
        _remarks(day),
        *code_lists(),
        _lists(day),
    ]


def growing_frauds(*, at: dt.datetime) -> list[GrowingFraud]:
    """Kinds of fraud with more cases in decided campaigns than in the 30 days before, and ten at least.

    The fastest growing first.
    """
    given: dict[str, Any] = {
        "since": at - WARNING_PERIOD,
        "before": at - 2 * WARNING_PERIOD,
        "at": at,
        "least": THRESHOLD,
    }
    with connection.cursor() as cursor:
        cursor.execute(_GROWING, given)
        rows = cursor.fetchall()
    known = all_categories()
    return [draft_of(known[code], now, before) for code, now, before in rows if code in known]


def warnings_in_force(*, at: dt.datetime) -> list[PublicWarning]:
    """What the public reads, the newest first. After 30 days none says what grows now."""
    return list(PublicWarning.objects.filter(released_at__gt=at - WARNING_PERIOD, ended_at=None))


def waiting_warnings() -> list[PublicWarning]:
    """Written, and neither released nor discarded; the oldest first."""
    found = PublicWarning.objects.filter(released_at=None, ended_at=None).select_related("written_by")
    return list(found.order_by("pk"))


def newest_snapshot() -> Snapshot | None:
    return Snapshot.objects.order_by("-day").first()


def snapshot_of(day: dt.date) -> Snapshot | None:
    return Snapshot.objects.filter(day=day).first()


def snapshot_days(*, limit: int = 400) -> list[dt.date]:
    """Days that have a snapshot, the newest first."""
    return list(Snapshot.objects.order_by("-day").values_list("day", flat=True)[:limit])


def definition_of(name: str) -> str:
    """The SQL that counts a dataset, or the open cases, whole."""
    text = (_SQL / f"{name}.sql").read_text(encoding="utf-8")
    return text.replace("{decision_clock}", DECISION_CLOCK).replace(
        "{decision_stands}", DECISION_STANDS.strip()
    )


@dataclass(frozen=True, slots=True)
class ReleasedMonth:
    """A month whose combinations became public, or were corrected, with the snapshot of `day`."""

    month: dt.date
    day: dt.date
    corrected: bool


def released_months(*, limit: int = 24) -> list[ReleasedMonth]:
    """The newest first. A month counts from its first dataset on."""
    months = ReleasedRow.objects.values_list("month").annotate(day=Min("released_on")).order_by("-day")
    corrected = Correction.objects.values_list("month", "released_on").distinct().order_by("-released_on")
    found = [ReleasedMonth(month, day, False) for month, day in months[:limit]]
    found += [ReleasedMonth(month, day, True) for month, day in corrected[:limit]]
    return sorted(found, key=lambda one: (one.day, one.month), reverse=True)[:limit]


def file_of(snapshot: Snapshot, name: str) -> bytes | None:
    """The bytes of one of its files, or of its signature; None when it has no such file."""
    if name == SIGNATURE:
        return bytes(snapshot.signature) if snapshot.signature else None
    entry = snapshot.files.get(name)
    if entry is None:
        return None
    return bytes(PublishedFile.objects.get(pk=entry["sha256"]).body)


def package_with(sha256: str) -> bytes | None:
    """The package of a snapshot by its digest, as the TUF repository names it."""
    if not Snapshot.objects.filter(digest=sha256).exists():
        return None
    return bytes(PublishedFile.objects.get(pk=sha256).body)


def figures_of(snapshot: Snapshot) -> dict[str, int | str]:
    body = file_of(snapshot, FIGURES)
    found: dict[str, int | str] = json.loads(body) if body else {}
    return found


def table_of(snapshot: Snapshot, name: str) -> list[dict[str, str]]:
    """The rows of one of its CSV files."""
    body = file_of(snapshot, f"{name}.csv") or b""
    return list(csv.DictReader(io.StringIO(body.decode())))


def _spans(day: dt.date) -> Table:
    found = ReleasedSpan.objects.filter(released_on__lte=day).order_by("dataset", "stratum", "first_day")
    rows = [
        (one.dataset, one.stratum, f"{one.month:%Y-%m}", str(one.first_day), str(one.last_day), one.count)
        for one in found.iterator()
    ]
    first = Column("first_day", "date", "First day")
    last = Column("last_day", "date", "Last day; the line counts with its month")
    meaning = "How many rows each day, or neighbouring days that reach ten together"
    return Table("spans", meaning, (DATASET, STRATUM, MONTH, first, last, COUNT), list(rows))


def _rows(dataset: Dataset, folding: Folding, day: dt.date) -> Table:
    found = ReleasedRow.objects.filter(dataset=folding.name, released_on__lte=day)
    columns = [MONTH, STRATUM, *(Column(name, "string", MEANINGS[name]) for name in folding.columns), COUNT]
    if dataset.amount:
        columns.append(Column(dataset.amount, "integer", "Sum of hours over these rows"))
    rows: list[tuple[Any, ...]] = [
        (f"{one.month:%Y-%m}", one.stratum, *one.key, one.count, *([one.amount] if dataset.amount else []))
        for one in found.order_by("month", "stratum", "key").iterator()
    ]
    return Table(folding.name, f"Combinations of {dataset.name} by month", tuple(columns), rows)


def _corrections(day: dt.date) -> Table:
    change = Column("change", "integer", "Rows that a later count found more (or fewer), ten at least")
    on = Column("published_on", "date", "The first snapshot with it")
    found = Correction.objects.filter(released_on__lte=day).order_by("released_on", "dataset", "stratum")
    rows = [
        (one.dataset, one.stratum, f"{one.month:%Y-%m}", one.change, str(one.released_on))
        for one in found.iterator()
    ]
    meaning = "Later changes of months that were public already"
    return Table("corrections", meaning, (DATASET, STRATUM, MONTH, change, on), list(rows))


def _strata(day: dt.date) -> Table:
    named: Iterable[tuple[str, str]] = [(name, one) for name, some in STRATA.items() for one in some]
    rows: list[tuple[Cell, ...]] = [
        *named,
        *((asked_in(one.kind), one.code) for one in receivers(day=day)),
    ]
    return Table("strata", "Strata that are shown, with or without rows", (DATASET, STRATUM), rows)


def _receivers(day: dt.date) -> Table:
    columns = (
        Column("code", "string", "Code"),
        Column("name", "string", "Name"),
        Column("kind", "string", "mobile, fixed, satellite or ott"),
        Column("obligation", "string", "mandatory or voluntary"),
        Column("since", "date", "Day from which it takes part"),
    )
    rows = [
        (one.code, one.name, one.kind, one.obligation, str(one.active.lower or "") if one.active else "")
        for one in receivers(day=day)
    ]
    return Table("receivers", f"Answers are counted {SETTLING_DAYS} days after the list", columns, list(rows))


def newest_remark(receiver: Operator, month: dt.date) -> Remark | None:
    return Remark.objects.filter(receiver=receiver, month=month).order_by("-pk").first()


def _remarks(day: dt.date) -> Table:
    columns = (MONTH, Column("receiver", "string", "Code"), Column("text", "string", "Its own words"))
    found = Remark.objects.filter(receiver__is_sandbox=False).select_related("receiver").order_by("pk")
    newest = {(one.month, one.receiver.code): one.text for one in found if closes_on(one.month) <= day}
    rows = [(f"{month:%Y-%m}", code, text) for (month, code), text in sorted(newest.items())]
    return Table("remarks", "What operators and platforms say of their rows", columns, list(rows))


def _lists(day: dt.date) -> Table:
    columns = (
        MONTH,
        Column("receiver", "string", "Operator or platform"),
        Column("series", "string", "Series"),
        Column("sequence", "integer", "Number of the list in its series"),
        Column("sha256", "string", "Digest of the list's manifest"),
    )
    found = (
        BlockList.objects.filter(
            state=BlockList.State.PUBLISHED,
            series__in=[ListSeries.BLOCK, ListSeries.REFERRAL],
            operator__is_sandbox=False,
            period__lte=day,
            published_at__date__lte=day,
        )
        .order_by("period", "operator__code", "series", "sequence")
        .values_list("period", "operator__code", "series", "sequence", "digest")
    )
    rows: list[tuple[Any, ...]] = [(f"{period:%Y-%m}", *rest) for period, *rest in found]
    return Table("lists", "The lists that the answers rest on", columns, rows)
