"""The policies in arrays: what the services do to each number, reckoned without them."""

from __future__ import annotations

import numpy as np

from bench.policy_twin import office, policies
from bench.policy_twin.calendar import monthly_after
from bench.policy_twin.cuts import Cuts
from bench.policy_twin.office import Hours
from bench.policy_twin.parameters import Parameters
from bench.policy_twin.policies import Policy
from bench.policy_twin.world import Flags, World


def cuts(world: World, policy: Policy, given: Parameters) -> Cuts:
    """From when until when each number is cut, and what it takes of people's time."""
    made = Cuts.none(world.numbers)
    decided = _decisions(world, given)
    if policy.hold_after:
        _hold(made, world, policy, given, decided)
    objected = np.where(world.innocent & world.objects, made.held_from + world.notice_delay, np.inf)
    objected[objected >= np.minimum(decided, made.held_until)] = np.inf  # nothing is held any more
    blocks = world.would_block & np.isfinite(decided) & np.isinf(objected)
    if policy.fast_release:
        blocks &= world.recycled_at > decided  # the operator is asked before a block
    listed = decided + policies.INTERIM if policy.between else monthly_after(decided)
    made.blocked_from = np.where(blocks, listed + given.operator_hours, np.inf)
    _release(made, world, policy, given, decided)
    if policy.hold_after:
        freed = objected + (world.proof_delay if policy.fast_release else world.settle_delay)
        closed = np.where(np.isfinite(objected), np.inf, decided)
        ends = (freed, np.where(blocks, listed + policies.FETCHED, closed))
        sooner = np.minimum(*ends) + policies.MINUTE
        made.held_until = np.where(np.isfinite(made.held_from), np.minimum(made.held_until, sooner), np.inf)
    made.objections += int((objected < world.horizon).sum())
    judged = decided < world.horizon
    made.staff_minutes += _review_minutes(world, given)[judged].sum()
    made.staff_minutes += 2 * given.review_minutes * made.objections
    made.decided_at = decided
    return made


def _decisions(world: World, given: Parameters) -> Hours:
    """When the case of each number is decided: first come, first served, by the whole team.

    One after another a case takes `minutes / reviewers`: a queue at which nothing waits while the team is
    idle, written as one running maximum.
    """
    opened = np.full(world.numbers, np.inf)
    np.minimum.at(opened, world.complaint_of, world.complaint_at)
    order = np.argsort(opened, kind="stable")
    order = order[np.isfinite(opened[order])]
    need = _review_minutes(world, given)[order] / 60 / given.reviewers
    done = np.cumsum(need)
    begun = np.maximum.accumulate(office.worked(opened[order]) - (done - need))
    decided = np.full(world.numbers, np.inf)
    decided[order] = office.until(begun + done)
    return decided


def _review_minutes(world: World, given: Parameters) -> Hours:
    """Two people for a block, one for a case that is closed."""
    return given.review_minutes * np.where(world.would_block, 2.0, 1.0)


def _hold(made: Cuts, world: World, policy: Policy, given: Parameters, decided: Hours) -> None:
    half = world.hold_delay / 2
    qualified = _qualified(world, policy, half)
    seen = (qualified + half < decided) & (qualified + half < world.horizon)
    held = seen & world.would_hold & (qualified + world.hold_delay < decided)
    confirmed = np.where(held, qualified + world.hold_delay, np.inf)
    made.held_from = confirmed + policies.MINUTE
    made.held_until = confirmed + policies.LONGEST
    made.staff_minutes += given.hold_work * float(seen.sum() + (seen & world.would_hold).sum())


def _qualified(world: World, policy: Policy, half: Hours) -> Hours:
    """When the desk shows each number as a candidate that lasts until the first person signs."""
    counts = _first_of_source(world)
    if policy.hold_after == 1:
        counts &= world.complaint_evident
    order = np.lexsort((world.complaint_at[counts], world.complaint_of[counts]))
    at, of = world.complaint_at[counts][order], world.complaint_of[counts][order]
    back = policy.hold_after - 1
    last, number = at[back:] + policies.SWEEP, of[back:]
    begun, same = at[: len(last)], of[: len(last)] == number
    founded = same & (last + half[number] < begun + policies.WITHIN_HOURS)
    qualified = np.full(world.numbers, np.inf)
    np.minimum.at(qualified, number[founded], last[founded])
    return qualified


def _first_of_source(world: World) -> Flags:
    """Complaints that are not one more of the same source about the same number."""
    order = np.lexsort((world.complaint_at, world.complaint_source, world.complaint_of))
    of, source = world.complaint_of[order], world.complaint_source[order]
    fresh = np.ones(len(of), dtype=bool)
    fresh[order[1:]] = (of[1:] != of[:-1]) | (source[1:] != source[:-1])
    return fresh


def _release(made: Cuts, world: World, policy: Policy, given: Parameters, decided: Hours) -> None:
    """Until when a block stands: its holder objects, or the operator says that the line has a new one."""
    blocks = np.isfinite(made.blocked_from)
    since = np.where(world.innocent, 0.0, world.recycled_at)
    suffers = np.maximum(made.blocked_from, since)
    objected = np.where(blocks & world.objects, suffers + world.notice_delay, np.inf)
    if policy.fast_release:
        asked = np.floor((np.maximum(decided, since) - policies.DAILY) / 24 + 1) * 24 + policies.DAILY
        asked = np.where(blocks & ~world.innocent, asked, np.inf)
        objected[objected >= asked] = np.inf
        freed = np.minimum(objected + world.proof_delay, asked) + policies.MINUTE
    elif policy.between:
        freed = objected + world.settle_delay + policies.INTERIM + given.operator_hours
    else:
        freed = monthly_after(objected + world.settle_delay) + given.operator_hours
    made.blocked_until = np.where(blocks, freed, np.inf)
    made.objections += int((objected < world.horizon).sum())
