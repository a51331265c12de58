"""A ministry that gets more complaints than it can decide: who waits how long, under which ranking.

A model of `aduan.cases.ranking` and of the shares of `next_case`, with a case for each complaint drawn as
bench/desk_rows.py draws them; tests/aduan/cases/test_ranking_backlog.py holds its points to those of the
database.
"""

from __future__ import annotations

import heapq
import math
import random
from dataclasses import dataclass, field

from aduan.cases.ranking import DEFAULT_WEIGHTS

DAY = 24 * 60  # minutes
PROMISE = DAY


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a case; `came` in minutes of the simulation. Its newest complaint is its first."""

    came: float
    independent: int
    confirmed: int
    evidence: int
    reported_loss: int

    @property
    def heavy(self) -> bool:
        return self.independent >= 5


@dataclass(frozen=True, slots=True)
class Rules:
    """Percents of the cases given out that are the oldest, or any; minutes that a point is worth.

    `minutes` 0 is the ranking before: points alone, with at most 80 for an overdue case.
    """

    minutes: int = DEFAULT_WEIGHTS["minutes_per_point"]
    oldest: int = 20
    any: int = 5
    longest_days: int = 30


BEFORE = Rules(minutes=0, oldest=0, any=0, longest_days=10_000)


def points(facts: Facts, now: float) -> int:
    """As the database counts them under the default weights."""
    weights = DEFAULT_WEIGHTS
    age = now - facts.came
    recent = weights["recent"]
    return (
        round(weights["independent"] * math.log2(1 + min(facts.independent, 64)))
        + round(weights["confirmed"] * math.log2(1 + min(facts.confirmed, facts.independent, 64)))
        + weights["evidence"] * min(facts.evidence, 8)
        + round(weights["reported_loss"] * min(math.log10(1 + facts.reported_loss / 100_000), 6))
        + (recent if age < DAY else recent * 5 // 8 if age < 3 * DAY else recent // 4 if age < 7 * DAY else 0)
    )


def place(facts: Facts, now: float, rules: Rules) -> float:
    """The lower, the earlier."""
    due = facts.came + PROMISE
    if rules.minutes:
        return due - rules.minutes * points(facts, now)
    left = due - now
    clock = 80 if left <= 0 else 60 if left <= 4 * 60 else 30 if left <= 12 * 60 else 0
    return -float(points(facts, now) + clock)


@dataclass(slots=True)
class Waits:
    """Days from complaint to decision, of those that wait at the end, and of the oldest each evening."""

    decided: list[float] = field(default_factory=list)
    heavy: list[float] = field(default_factory=list)
    waiting: list[float] = field(default_factory=list)
    oldest: list[float] = field(default_factory=list)

    @property
    def longest(self) -> float:
        return max(*self.decided, *self.waiting)

    @property
    def heavy_in_a_day(self) -> float:
        return sum(days <= 1 for days in self.heavy) / len(self.heavy)


def simulate(rules: Rules, *, days: int = 60, capacity: int = 100, load: float = 1.5, seed: int = 1) -> Waits:
    """`capacity` decisions a day, spread over it, and `load` times as many new cases."""
    draw = random.Random(seed)
    arrivals = iter(sorted(draw.random() * days * DAY for _case in range(int(days * capacity * load))))
    queue: list[tuple[float, int]] = []
    cases: dict[int, Facts] = {}
    waiting: list[int] = []  # by age; decided ones are passed over
    done = Waits()
    first, coming = 0, next(arrivals, math.inf)
    for turn in range(days * capacity):
        now = (turn + 1) * DAY / capacity
        while coming <= now:
            key = len(waiting)
            cases[key] = _drawn(draw, coming)
            waiting.append(key)
            heapq.heappush(queue, (place(cases[key], now, rules), key))
            coming = next(arrivals, math.inf)
        while first < len(waiting) and first not in cases:
            first += 1
        if not cases:
            continue
        key = _given(draw, queue, cases, first, now, rules)
        if (turn + 1) % capacity == 0:
            done.oldest.append((now - cases[first].came) / DAY)
        facts = cases.pop(key)
        done.decided.append((now - facts.came) / DAY)
        if facts.heavy:
            done.heavy.append(done.decided[-1])
    done.waiting = [(days * DAY - facts.came) / DAY for facts in cases.values()]
    return done


def _given(
    draw: random.Random,
    queue: list[tuple[float, int]],
    cases: dict[int, Facts],
    oldest: int,
    now: float,
    rules: Rules,
) -> int:
    lot = draw.random() * 100
    if lot < rules.oldest or now - cases[oldest].came - PROMISE > rules.longest_days * DAY:
        return oldest
    if lot < rules.oldest + rules.any:
        return draw.choice(list(cases))
    while True:
        was, key = heapq.heappop(queue)
        if key in cases:
            is_now = place(cases[key], now, rules)
            if is_now <= was:
                return key
            heapq.heappush(queue, (is_now, key))  # its newest complaint has grown older


def _drawn(draw: random.Random, came: float) -> Facts:
    complaints = min(64, int(1.62 / (1 - draw.random()) ** 0.72))
    return Facts(
        came=came,
        independent=complaints,
        confirmed=int(complaints * draw.random()),
        evidence=int(3 * draw.random() ** 3 * complaints**0.5),
        reported_loss=0 if draw.random() < 0.5 else int(50_000 * 3_000 ** draw.random()),
    )
