"""No published figure says more than is true: against the same figure of the rows before folding."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, defaultdict
from itertools import product

import pytest

from aduan.statistics import queries
from aduan.statistics.datasets import DATASETS, FOLDINGS, HOUR_BOUNDS, NO_HOURS, THRESHOLD
from aduan.statistics.figures import upper_bound
from aduan.statistics.models import DayCount, ReleasedSpan
from aduan.statistics.services.snapshots import write_snapshot
from tests.aduan.statistics.test_releasing import night
from tests.factories.statistics import counted

pytestmark = pytest.mark.django_db
VALUES = {
    "group": ("money", "link", "spam"),
    "category": ("PINJOL", "INVEST", "KURIR", "IKLAN"),
    "channel": ("sms", "call", "whatsapp"),
    "kind": ("mobile", "landline"),
    "region": ("none", "Jakarta"),
    "reason": ("r1", "r2", "r3"),
    "operator": ("telkomsel", "indosat", "none"),
    "answer": ("blocked", "not_ours", "refused"),
    "promise": ("kept", "missed", "none"),
    "hours": (NO_HOURS, "0-1", "4-6", "18-24", "36-48", "1440-"),
}
VALUES["listed"] = VALUES["hours"]
STRATA = {"complaints": "received", "holds": "placed", "answers": "telkomsel", "referrals": "whatsapp"}
STRATA |= {"decisions": "refer", "objections": "proven", "wrong_blocks": "block"}


def world(seed: int) -> None:
    """October of every dataset: rows of random values, some of them rare."""
    dice = random.Random(seed)
    for dataset in DATASETS.values():
        rare = {column: dice.choice(VALUES[column]) for column in dataset.columns}
        rows: Counter[tuple[dt.date, tuple[str, ...]]] = Counter()
        for _row in range(dice.choice((12, 60, 400))):
            key = tuple(
                dice.choice([one for one in VALUES[column] if one != rare[column] or dice.random() < 0.1])
                for column in dataset.columns
            )
            rows[dt.date(2026, 10, dice.randint(1, 31)), key] += 1
        rows[dt.date(2026, 10, 31), key] += 10  # so that no row waits for November
        DayCount.objects.bulk_create(
            DayCount(
                dataset=dataset.name,
                stratum=STRATA[dataset.name],
                day=day,
                key=list(key),
                count=n,
                amount=n * 5,
            )
            for (day, key), n in rows.items()
        )


@pytest.mark.parametrize("seed", range(3))
def test_every_figure_is_true_or_withheld(seed: int) -> None:
    world(seed)
    snapshot = write_snapshot(at=night(30))
    figures = queries.figures_of(snapshot)
    compared = 0
    for (name, (dataset, folding)), stratum in product(FOLDINGS.items(), ("all", None)):
        before = f"{name}.{stratum or STRATA[dataset.name]}.2026-10"
        raw = [
            (dict(zip(dataset.columns, row.key, strict=True)), row.count)
            for row in DayCount.objects.filter(dataset=dataset.name)
        ]
        total = sum(n for _key, n in raw)
        assert figures[f"{dataset.name}.{STRATA[dataset.name]}.2026-10.total"] == total
        for column in folding.columns:
            counts: Counter[str] = Counter()
            for key, n in raw:
                counts[key[column]] += n
            compared += true_split(figures, f"{before}.{column}", counts, ordered=column == folding.hours)
        if "promise" in folding.columns:
            compared += true_share(figures[f"{before}.kept_share"], raw)
        if folding.hours:
            hours = [key[folding.hours] for key, n in raw for _row in range(n)]
            for percent in (50, 95):
                compared += true_percentile(str(figures[f"{before}.p{percent}"]), hours, percent)
    assert compared > 100
    assert ReleasedSpan.objects.filter(count__lt=10).count() == 0


def true_split(figures: dict[str, int | str], before: str, counts: Counter[str], *, ordered: bool) -> int:
    """What stands under a name is at most the true count, and at least what is not under a common name."""
    shown = {
        name.removeprefix(f"{before}."): n
        for name, n in figures.items()
        if name.startswith(f"{before}.") and isinstance(n, int)
    }
    assert sum(shown.values()) == counts.total()
    if ordered:
        return len(shown)
    for value, n in shown.items():
        if value not in {"other", "*"}:
            assert n <= counts[value] <= n + shown.get("other", 0) + shown.get("*", 0)
            assert float(str(figures[f"{before}.{value}.share"])) <= 100 * counts[value] / counts.total()
    return len(shown)


def true_share(shown: int | str, raw: list[tuple[dict[str, str], int]]) -> int:
    counts: dict[str, int] = defaultdict(int)
    for key, n in raw:
        counts[key["promise"]] += n
    due = counts["kept"] + counts["missed"]
    if shown == "*":
        return 1
    least = float(str(shown).removeprefix(">="))
    assert least <= 100 * counts["kept"] / due
    if not str(shown).startswith(">="):
        assert least > 100 * counts["kept"] / due - 0.1
    return 1


def true_percentile(shown: str, hours: list[str], percent: int) -> int:
    """The bound that is shown is never below the true one; `>24` says no more than that it is above."""
    if shown == "*":
        return 1
    bounds = sorted(upper_bound(one) for one in hours if one != NO_HOURS)
    true = bounds[-(-len(bounds) * percent // 100) - 1]
    if shown.startswith(">"):
        assert int(shown[1:]) in (0, *HOUR_BOUNDS)
    else:
        assert int(shown) >= true
    return 1


def test_rare_misses_never_make_a_share_of_a_hundred() -> None:
    """98.2 % of the promises stood as 100 % when the misses went under `other`."""
    day = dt.date(2026, 10, 31)
    for promise, hours, n in (("kept", "4-6", 491), ("missed", "24-36", 9)):
        key = ["none", "money", "PINJOL", "telkomsel", "mobile", promise, hours]
        DayCount.objects.create(dataset="decisions", stratum="block", day=day, key=key, count=n)
    figures = queries.figures_of(write_snapshot(at=night(31, 10)))
    assert figures["decision_times.block.2026-10.kept_share"] == "*"
    assert figures["decision_times.block.2026-10.p50"] == "*"


def test_a_platform_mixes_with_no_operator() -> None:
    day = dt.date(2026, 10, 20)
    DayCount.objects.create(
        dataset="answers", stratum="telkomsel", day=day, key=["missed", "silent", "none", "1-2"], count=20
    )
    counted("decisions", "refer", day, 30)
    DayCount.objects.create(
        dataset="referrals", stratum="whatsapp", day=day, key=["suspended", "1-2"], count=30
    )
    figures = queries.figures_of(write_snapshot(at=night(20)))
    assert figures["answers.all.2026-10.answer.silent"] == 20
    assert figures["answers.all.all.total"] == 20
    assert figures["referrals.whatsapp.2026-10.answer.suspended"] == 30
    assert figures["referrals.whatsapp.2026-10.p95"] == "2"


@pytest.mark.parametrize("counts", [(3, 9), (20, 3), (20, 9)])
def test_a_month_is_wrong_by_fewer_than_ten_at_its_edges(counts: tuple[int, int]) -> None:
    """Rows that do not make ten wait: those of the last days of October may stand in November."""
    days = (dt.date(2026, 10, 30), dt.date(2026, 11, 1), dt.date(2026, 11, 2))
    for day, n in zip(days, (*counts, 50), strict=True):
        counted("complaints", "received", day, n)
    figures = queries.figures_of(write_snapshot(at=night(29)))
    shown = [figures.get(f"complaints.received.2026-{month}.total", "<10") for month in (10, 11)]
    numbers = [0 if n == "<10" else int(n) for n in shown]
    assert sum(numbers) == sum(counts) + 50
    for number, true in zip(numbers, (counts[0], counts[1] + 50), strict=True):
        assert abs(number - true) < THRESHOLD
