"""One invented time: fraud and innocent numbers, whom they contact, who complains, what people would decide.

Everything that is left to chance is drawn here, before any policy acts, so that policies differ by nothing
else. Times are hours since the first midnight, a Monday.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from bench.policy_twin.office import Hours
from bench.policy_twin.parameters import Parameters

Flags = NDArray[np.bool_]
Places = NDArray[np.int64]
_LEAST_RECYCLED: Final = 60 * 24.0


@dataclass(frozen=True, slots=True)
class World:
    """`contact_*` and `complaint_*` are sorted by time; `*_of` is the number's place.

    Complaints of one `complaint_source` about one number are one person's. Decisions, delays and the new
    holder of each number are drawn, whether or not a policy asks for them.
    """

    horizon: float
    innocent: Flags
    contact_at: Hours
    contact_of: Places
    complaint_at: Hours
    complaint_of: Places
    complaint_source: Places
    complaint_evident: Flags
    would_hold: Flags
    would_block: Flags
    objects: Flags
    hold_delay: Hours
    notice_delay: Hours
    proof_delay: Hours
    settle_delay: Hours
    recycled_at: Hours

    @property
    def numbers(self) -> int:
        return len(self.innocent)


def draw(given: Parameters, *, seed: int, complaints: int, days: float, horizon_days: float) -> World:
    """About so many complaints about numbers that begin within `days`; the same for the same seed."""
    dice = np.random.default_rng(seed)
    fraud = max(1, round(complaints * (1 - given.wrong) / (given.contacts * given.reporting)))
    each = 2 + given.brigades * given.brigade_size  # complaints about a wrongly reported number
    innocent = max(1, round(complaints * given.wrong / each))
    total = fraud + innocent
    is_innocent = np.arange(total) >= fraud
    starts = dice.uniform(0, days * 24, total)
    contact_at, contact_of, ends = _contacts(given, starts[:fraud], dice)
    reports = _reports(given, contact_at, contact_of, dice)
    wrong = _wrong_reports(given, starts[fraud:], fraud, dice)
    at, of, source, evident = (np.concatenate(pair) for pair in zip(reports, wrong, strict=True))
    order = np.argsort(at, kind="stable")
    odds, spread = dice.uniform(size=(3, total)), dice.standard_normal(size=(3, total))
    recycled = np.full(total, np.inf)
    mean = max(1.0, given.recycling_days * 24 - _LEAST_RECYCLED)
    recycled[:fraud] = ends + _LEAST_RECYCLED + dice.exponential(mean, fraud)
    return World(
        horizon=horizon_days * 24,
        innocent=is_innocent,
        contact_at=contact_at,
        contact_of=contact_of,
        complaint_at=at[order],
        complaint_of=of[order],
        complaint_source=source[order],
        complaint_evident=evident[order],
        would_hold=odds[0] < np.where(is_innocent, given.holds_innocent, given.holds_fraud),
        would_block=odds[1] < np.where(is_innocent, given.blocks_innocent, given.blocks_fraud),
        objects=odds[2] < given.objecting,
        hold_delay=given.hold_minutes / 60 * np.exp(0.5 * spread[0]),
        notice_delay=given.notice_hours * np.exp(0.8 * spread[1]),
        proof_delay=given.proof_minutes / 60 * np.exp(0.8 * spread[2]),
        settle_delay=np.full(total, given.settle_days * 24),
        recycled_at=recycled,
    )


def _contacts(given: Parameters, starts: Hours, dice: np.random.Generator) -> tuple[Hours, Places, Hours]:
    """When each fraud number contacts whom, and when it has done with it."""
    counts = 1 + dice.poisson(dice.exponential(max(0.0, given.contacts - 1), len(starts)))
    life = dice.exponential(given.life_days * 24, len(starts))
    of = np.repeat(np.arange(len(starts)), counts)
    at = starts[of] + life[of] * dice.uniform(size=len(of))
    order = np.argsort(at, kind="stable")
    return at[order], of[order], starts + life


def _reports(
    given: Parameters, at: Hours, of: Places, dice: np.random.Generator
) -> tuple[Hours, Places, Places, Flags]:
    """Complaints of the contacted: late ones by the share that is read, each of a source of its own."""
    picked = np.flatnonzero(dice.uniform(size=len(at)) < given.reporting)
    centre = np.log(12) + given.spread * NormalDist().inv_cdf(given.late)
    delay = np.exp(centre + given.spread * dice.standard_normal(len(picked)))
    evident = dice.uniform(size=len(picked)) < given.evident
    return at[picked] + delay, of[picked], picked, evident


def _wrong_reports(
    given: Parameters, starts: Hours, first: int, dice: np.random.Generator
) -> tuple[Hours, Places, Places, Flags]:
    """Complaints about innocent numbers: by mistake over weeks, or by a group within hours."""
    grouped = dice.uniform(size=len(starts)) < given.brigades
    counts = np.where(
        grouped,
        3 + dice.poisson(max(0.0, given.brigade_size - 3), len(starts)),
        dice.geometric(0.5, len(starts)),
    )
    of = np.repeat(np.arange(len(starts)), counts)
    window = np.where(grouped, 6.0, 21 * 24.0)[of]
    at = starts[of] + window * dice.uniform(size=len(of))
    # A group has fewer sources than complaints; each complaint picks one of them.
    sources = np.where(grouped, np.ceil(counts * given.brigade_sources), 1e9)[of]
    source = np.floor(dice.uniform(size=len(of)) * sources).astype(np.int64)
    evident = dice.uniform(size=len(of)) < given.evident / 2
    return at, of + first, source, evident
