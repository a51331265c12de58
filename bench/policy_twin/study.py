"""The public year a thousand times, each with other assumptions: figures, ranking, and what matters most."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.policy_twin import model, world
from bench.policy_twin.cuts import Figures, figures
from bench.policy_twin.parameters import ASSUMPTIONS, NAMES, RECEIVED, USUAL, Parameters, drawn
from bench.policy_twin.policies import POLICIES, Policy

SEED: Final = 15
SHARE: Final = 0.05  # of the country: its complaints and its reviewers; figures are multiplied by it again
DAYS: Final = 365
HORIZON: Final = 396  # the public year was counted a month after its end
MEASURES: Final = ("avoided", "wrong_hours", "staff_hours", "held_wrongly")
WORLDS: Final = 4
_HOLD, _BEFORE = "hold3", "between"


@dataclass(frozen=True, slots=True)
class Effect:
    """What one assumption at its bounds does to the share of loss that holds avoid beyond lists alone."""

    name: str
    low: float
    high: float

    @property
    def width(self) -> float:
        return abs(self.high - self.low)


@dataclass(frozen=True, slots=True)
class Study:
    """`values`: draw, policy, measure, in the order of POLICIES and MEASURES, for the whole country."""

    values: NDArray[np.float64]
    usual: list[Figures]
    gain: float
    effects: list[Effect]

    def between(self, policy: str, measure: str) -> tuple[float, float, float]:
        """Median, and the bounds of nine draws in ten."""
        low, middle, high = np.quantile(self._of(policy, measure), (0.05, 0.5, 0.95))
        return float(middle), float(low), float(high)

    def more_often(self, policy: str, than: str, measure: str) -> float:
        """In which share of the draws the first policy has more of it than the second."""
        return float((self._of(policy, measure) > self._of(than, measure)).mean())

    def _of(self, policy: str, measure: str) -> NDArray[np.float64]:
        place = [one.name for one in POLICIES].index(policy)
        return self.values[:, place, MEASURES.index(measure)]


@dataclass(frozen=True, slots=True)
class PublicYear:
    """What the twin says about 2023 under the monthly list, against what was published."""

    received: int
    blocked: int
    rejected: int
    open: int


PUBLISHED: Final = PublicYear(received=RECEIVED, blocked=13_638, rejected=28_459, open=15_362)


def study(draws: int, *, seed: int = SEED, worlds: int = WORLDS) -> Study:
    """The same for the same seed. `worlds`: for each bound of an assumption."""
    rows = []
    for turn in range(draws):
        given = drawn(np.random.default_rng([seed, turn]))
        rows.append([_measures(one) for one in a_year(given, seed=seed + turn)])
    gain = _gain(USUAL, seed, worlds)
    effects = [Effect(name, *_moved(name, gain, seed, worlds)) for name in NAMES]
    effects.sort(key=lambda effect: (-effect.width, effect.name))
    return Study(np.array(rows), a_year(USUAL, seed=seed), gain, effects)


def a_year(given: Parameters, *, seed: int, under: Sequence[Policy] = POLICIES) -> list[Figures]:
    """A part of the country under each policy, from one and the same world."""
    small, team = _part(given, seed)
    return [figures(small, model.cuts(small, policy, team), given) for policy in under]


def public_year(*, seed: int = SEED, repeats: int = WORLDS) -> PublicYear:
    """The usual assumptions under the monthly list. Only the complaints received went in."""
    counts = np.zeros(4)
    for turn in range(repeats):
        small, team = _part(USUAL, seed + turn)
        made = model.cuts(small, POLICIES[0], team)
        decided = made.decided_at[small.complaint_of] < small.horizon
        blocked = np.isfinite(made.blocked_from)
        in_year = small.complaint_at < DAYS * 24
        counts += (
            in_year.sum(),
            (blocked & (made.blocked_from < small.horizon)).sum(),
            (in_year & decided & ~blocked[small.complaint_of]).sum(),
            (in_year & ~decided).sum(),
        )
    return PublicYear(*(round(float(count) / repeats / SHARE) for count in counts))


def _part(given: Parameters, seed: int) -> tuple[world.World, Parameters]:
    small = world.draw(given, seed=seed, complaints=round(RECEIVED * SHARE), days=DAYS, horizon_days=HORIZON)
    return small, dataclasses.replace(given, reviewers=given.reviewers * SHARE)


def _measures(one: Figures) -> tuple[float, float, float, float]:
    return one.avoided, one.wrong_hours / SHARE, one.staff_hours / SHARE, one.held_wrongly / SHARE


def _moved(name: str, gain: float, seed: int, worlds: int) -> Iterator[float]:
    """What the gain changes by when this assumption goes to its low and to its high bound."""
    for bound in (ASSUMPTIONS[name].low, ASSUMPTIONS[name].high):
        yield _gain(dataclasses.replace(USUAL, **{name: bound}), seed, worlds) - gain


def _gain(given: Parameters, seed: int, worlds: int) -> float:
    """By how much holds after three complaints raise the avoided share, on average over worlds."""
    pair = [one for one in POLICIES if one.name in (_BEFORE, _HOLD)]
    years = (a_year(given, seed=seed + turn, under=pair) for turn in range(worlds))
    return float(np.mean([held.avoided - before.avoided for before, held in years]))
