"""What is compared: the monthly list, and what is added to it step by step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Policy:
    """`hold_after`: independent complaints that make a candidate; 1 stands for one with clean evidence."""

    name: str
    title: str
    between: bool = False
    hold_after: int = 0
    fast_release: bool = False


POLICIES: Final = (
    Policy("monthly", "monthly list"),
    Policy("between", "+ lists between months", between=True),
    Policy("hold5", "+ hold after 5 complaints", between=True, hold_after=5),
    Policy("hold3", "+ hold after 3 complaints", between=True, hold_after=3),
    Policy("hold1", "+ hold after 1 with evidence", between=True, hold_after=1),
    Policy("fast", "hold after 3, and fast release", between=True, hold_after=3, fast_release=True),
)

WITHIN_HOURS: Final = 24.0  # the usual rules of holds
LONGEST: Final = 7 * 24.0
SWEEP: Final = 10 / 3600  # candidates are sought at least so often
MINUTE: Final = 1 / 60  # a signature, a published list and a client that switched, in the lane of minutes
INTERIM: Final = 4 * MINUTE  # an urgent block can be stopped for two minutes; two until the next round
FETCHED: Final = 24.0  # a hold gives way to its block when the operator must have fetched the list
EARLY: Final = 6.5  # hours into the month when the monthly list goes out
DAILY: Final = 2.0  # the hour at which operators are asked who holds a number
