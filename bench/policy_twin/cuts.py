"""What a policy did to each number, and what that amounts to: the same reckoning for services and model."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.policy_twin.office import Hours
from bench.policy_twin.parameters import Parameters
from bench.policy_twin.world import World


@dataclass(slots=True)
class Cuts:
    """By number: from when until when its line was cut by a hold, and by a block; infinity for never.

    `decided_at`: when its case was decided, if it was.
    """

    held_from: Hours
    held_until: Hours
    blocked_from: Hours
    blocked_until: Hours
    decided_at: Hours
    staff_minutes: float = 0.0
    objections: int = 0

    @classmethod
    def none(cls, numbers: int) -> Cuts:
        never = np.full((5, numbers), np.inf)
        return cls(never[0], never[1], never[2], never[3], never[4])


@dataclass(frozen=True, slots=True)
class Figures:
    """`avoided`: share of all loss. `wrong_hours`: lines of innocent people that were cut, in hours."""

    avoided: float
    wrong_hours: float
    staff_hours: float
    held: int
    held_wrongly: int
    blocked: int
    blocked_wrongly: int
    objections: int


def figures(world: World, cuts: Cuts, given: Parameters) -> Figures:
    """What the world loses and what innocent people suffer, until its horizon."""
    parts = _apart(cuts, world.horizon)
    rate = -np.log(1 - given.harm_in_a_day) / 24
    saved = np.zeros(len(world.contact_at))
    for begin, end in parts:
        since = begin[world.contact_of] - world.contact_at
        to = end[world.contact_of] - world.contact_at
        some = to > np.maximum(since, 0)
        kept = np.exp(-rate * np.maximum(since, 0)) - np.exp(-rate * np.where(some, to, 0))
        saved += np.where(some, np.where(since <= 0, 1.0, kept), 0.0)  # no contact at all through a cut line
    bad_since = np.where(world.innocent, 0.0, world.recycled_at)
    wrong = sum(
        np.maximum(0, np.minimum(end, world.horizon) - np.maximum(begin, bad_since)).sum()
        for begin, end in parts
    )
    held, blocked = (
        np.isfinite(begin) & (begin < world.horizon) for begin in (cuts.held_from, cuts.blocked_from)
    )
    return Figures(
        avoided=float((1 - given.moved_on) * np.minimum(saved, 1).sum() / len(saved)),
        wrong_hours=float(wrong),
        staff_hours=float(cuts.staff_minutes) / 60,
        held=int(held.sum()),
        held_wrongly=int((held & world.innocent).sum()),
        blocked=int(blocked.sum()),
        blocked_wrongly=int((blocked & world.innocent).sum()),
        objections=cuts.objections,
    )


def _apart(cuts: Cuts, horizon: float) -> list[tuple[Hours, Hours]]:
    """The two measures without their overlap; infinite ends become the horizon."""
    ends = [np.minimum(end, horizon) for end in (cuts.held_until, cuts.blocked_until)]
    begins = [np.minimum(begin, horizon) for begin in (cuts.held_from, cuts.blocked_from)]
    later = np.where(begins[0] < ends[0], np.maximum(begins[1], ends[0]), begins[1])
    overlap = np.where(begins[1] < ends[0], later, begins[1])
    return [(begins[0], np.maximum(ends[0], begins[0])), (overlap, np.maximum(ends[1], overlap))]
