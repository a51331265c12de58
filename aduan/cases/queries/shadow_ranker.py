"""How the shadow ranker has done of late, and whether it may order the queue."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from aduan.cases.models import RankerLost, RankerRun, RankingPolicy

STALE: Final = dt.timedelta(days=3)  # without a night in which it read the queue
NIGHTS: Final = 30


@dataclass(frozen=True, slots=True)
class RankerState:
    """`comparison`: of the last week that had enough blocks. `lost`: why it may not order the queue."""

    nights: list[RankerRun]  # newest first
    policy: RankingPolicy
    comparison: RankerRun | None
    lost: RankerLost | None

    @property
    def newest(self) -> RankerRun | None:
        return self.nights[0] if self.nights else None

    @property
    def in_use(self) -> bool:
        return self.policy.by_ranker

    @property
    def offered(self) -> bool:
        return not self.in_use and self.lost is None


def ranker_state(*, at: dt.datetime) -> RankerState:
    nights = list(RankerRun.objects.order_by("-day")[:NIGHTS])
    comparison = next((night for night in nights if night.compared_at and night.tells), None)
    lost = None
    if not any(night.state == RankerRun.State.LEARNT and night.at > at - STALE for night in nights):
        lost = RankerLost.STALE
    elif comparison is None or not comparison.earned:
        lost = RankerLost.FINDS_TOO_LITTLE
    return RankerState(nights, RankingPolicy.current(), comparison, lost)
