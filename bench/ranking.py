"""Half as many cases again as can be decided, for SIZE days, and how long the last of them waits.

Floor: the ranking before, under which age counted with a ceiling. Limit: days of the longest wait.
"""

from __future__ import annotations

from bench import ranking_plot
from bench.backlog import BEFORE, Rules, simulate
from bench.outcome import Outcome

SIZES = (60,)
RANKINGS = {
    "points alone, as before": BEFORE,
    "the built-in figures": Rules(),
    "without lots and limit": Rules(oldest=0, any=0, longest_days=10_000),
    "an hour for a point": Rules(minutes=60),
    "the oldest alone": Rules(oldest=100),
}


def measure(size: int) -> Outcome:
    """`size` days of 100 decisions and 150 new cases."""
    waits = {name: simulate(rules, days=size) for name, rules in RANKINGS.items()}
    ranking_plot.draw(waits, limit=Rules().longest_days)
    return Outcome(
        title="longest wait in days; cases of five complainants and more decided within a day",
        runs=1,
        median_ratio=waits["the built-in figures"].longest,
        floor=waits["points alone, as before"].longest * 86_400,
        limit=Rules().longest_days,
        sense="most",
        rows=[(name, f"{one.longest:.1f} d, {one.heavy_in_a_day:.0%}") for name, one in waits.items()],
        more={
            name: {"longest": one.longest, "heavy_in_a_day": one.heavy_in_a_day}
            for name, one in waits.items()
        },
    )
