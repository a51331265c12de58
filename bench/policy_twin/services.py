"""The same policies by the real services: events in the order of their time, on a turned clock."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from functools import partial

import numpy as np

from aduan.blocklists import services as lists
from aduan.cases.models import Block, Case, Hold, HoldCandidate
from aduan.cases.workflow import IN_QUEUE
from aduan.complaints.services import find_hold_candidates
from aduan.core.periods import last_ended
from bench.policy_twin import acts, office, policies
from bench.policy_twin.calendar import MONTH_STARTS, moment
from bench.policy_twin.cuts import Cuts
from bench.policy_twin.listed import Listed
from bench.policy_twin.parameters import Parameters
from bench.policy_twin.policies import MINUTE, Policy
from bench.policy_twin.world import World
from tests.factories import holds

Act = Callable[[float], None]


class Services:
    """One world under one policy. Needs an empty database with the register of operators."""

    def __init__(self, world: World, policy: Policy, given: Parameters) -> None:
        self._world, self._policy, self._given = world, policy, given
        self._events: list[tuple[float, int, Act]] = []
        self._turn = itertools.count()
        self._staff = acts.hire()
        self._listed = Listed(policy, given)
        self._free = 0.0  # working hours at which the team has done what waits
        self._seen: set[int] = set()  # numbers with a case, and those whose candidate was examined
        self._examined: set[int] = set()
        self._minutes, self._objections = 0.0, 0
        self._decided = np.full(world.numbers, np.inf)
        self._places = {int("62" + acts.written(number)[1:]): number for number in range(world.numbers)}

    def run(self) -> Cuts:
        """Plays the world until its horizon; what was cut is read from the published lists."""
        acts.only_three_operators()
        lists.build_first(at=moment(0))
        if self._policy.hold_after:
            few = self._policy.hold_after
            holds.hold_rules(
                independent_complaints=few if few > 1 else 1000, confirmed_with_evidence=few == 1,
                hourly_quota=10_000, personal_quota=10_000, list_ceiling=10_000,
            )  # fmt: skip
            lists.build_holds(at=moment(0))
        for place, at in enumerate(self._world.complaint_at):
            self._at(float(at), partial(self._complain, place))
        for begins in MONTH_STARTS[MONTH_STARTS > 0]:
            self._at(float(begins) + policies.EARLY, self._monthly)
        for day in range(int(self._world.horizon // 24)):
            self._at(day * 24 + policies.DAILY, self._ask_operators)
        while self._events:
            at, _turn, act = heapq.heappop(self._events)
            if at >= self._world.horizon:
                break
            act(at)
        made = self._listed.cuts(self._places, self._world.numbers)
        made.decided_at, made.staff_minutes, made.objections = self._decided, self._minutes, self._objections
        return made

    def _at(self, hours: float, act: Act) -> None:
        heapq.heappush(self._events, (hours, next(self._turn), act))

    def _complain(self, place: int, at: float) -> None:
        world, number = self._world, int(self._world.complaint_of[place])
        acts.complain(
            number,
            int(world.complaint_source[place]),
            evident=self._needs_evidence(number) and bool(world.complaint_evident[place]),
            turn=place,
            at=moment(at),
        )
        if number not in self._seen:
            self._seen.add(number)
            self._queue(number, at)
        if self._policy.hold_after:
            self._at(at + policies.SWEEP, partial(self._sweep, number))

    def _needs_evidence(self, number: int) -> bool:
        """Whether a picture could change anything: each costs a second of a confined process."""
        open_yet = number not in self._examined and np.isinf(self._decided[number])
        return self._policy.hold_after == 1 and bool(open_yet)

    def _queue(self, number: int, at: float) -> None:
        """First come, first served: the team takes the case up when it is free, and in working time."""
        minutes = self._given.review_minutes * (2 if self._world.would_block[number] else 1)
        begins = max(self._free, float(office.worked(at)))
        self._free = begins + minutes / 60 / self._given.reviewers
        self._at(float(office.until(self._free)), partial(self._decide, number, minutes))

    def _sweep(self, number: int, at: float) -> None:
        find_hold_candidates(at=moment(at))
        case = acts.case_of(number)
        waits = HoldCandidate.objects.filter(case=case).exists()
        if waits and number not in self._examined and np.isinf(self._decided[number]):
            self._examined.add(number)
            self._at(at + self._world.hold_delay[number] / 2, partial(self._first_signature, number))

    def _first_signature(self, number: int, at: float) -> None:
        find_hold_candidates(at=moment(at))
        case = acts.case_of(number)
        if case.status not in IN_QUEUE or np.isfinite(self._decided[number]):
            return
        if not HoldCandidate.objects.filter(case=case).exists():
            self._examined.discard(number)  # it may qualify once more
            return
        self._minutes += self._given.hold_work
        if self._world.would_hold[number]:
            hold = acts.propose_hold(case, self._staff, at=moment(at))
            assert hold is not None, f"a candidate that no one may hold: {case.number_text}"
            self._minutes += self._given.hold_work
            self._at(at + self._world.hold_delay[number] / 2, partial(self._second_signature, hold))

    def _second_signature(self, hold: Hold, at: float) -> None:
        if acts.confirm_hold(hold, self._staff, at=moment(at)):
            self._at(at + MINUTE / 2, self._publish_holds)
            self._at(at + policies.LONGEST + MINUTE / 2, self._publish_holds)

    def _decide(self, number: int, minutes: float, at: float) -> None:
        world, case = self._world, acts.case_of(number)
        self._decided[number] = at
        self._minutes += minutes
        if case.objection_since is not None:
            return  # two others answer its holder
        changed = self._policy.fast_release and world.recycled_at[number] <= at
        objected = world.innocent[number] and number in self._listed.objected
        if world.would_block[number] and not changed and not objected:
            acts.block(case, self._staff, urgent=self._policy.between, at=moment(at))
            if self._policy.between:
                self._at(at + policies.INTERIM, self._publish_blocks)
        else:
            acts.dismiss(case, self._staff, at=moment(at))
        if self._policy.hold_after:
            self._at(at + MINUTE / 2, self._publish_holds)

    def _monthly(self, at: float) -> None:
        lists.build_missing(at=moment(at), until=last_ended(moment(at)))
        self._follow_lists(at)

    def _publish_blocks(self, at: float) -> None:
        lists.build_interims(at=moment(at))
        self._follow_lists(at)
        if self._policy.hold_after:
            self._at(at + policies.FETCHED + MINUTE / 2, self._publish_holds)

    def _publish_removals(self, at: float) -> None:
        lists.build_removals(at=moment(at))
        self._publish_holds(at)

    def _publish_holds(self, at: float) -> None:
        lists.end_finished_holds(at=moment(at))
        lists.build_holds(at=moment(at))
        self._follow_lists(at)

    def _follow_lists(self, _at: float) -> None:
        """Holders of lines that a new list cuts notice it some time after it did."""
        for digits, cut in self._listed.new():
            number = self._places[digits]
            since = 0.0 if self._world.innocent[number] else self._world.recycled_at[number]
            if self._world.objects[number]:
                noticed = max(cut, since) + self._world.notice_delay[number]
                self._at(float(noticed), partial(self._object, number))

    def _object(self, number: int, at: float) -> None:
        case = acts.case_of(number)
        if not acts.object_to(case, at=moment(at)):
            return
        self._listed.objected.add(number)
        self._objections += 1
        self._minutes += 2 * self._given.review_minutes
        if self._policy.fast_release:
            self._at(at + self._world.proof_delay[number], partial(self._lift, number))
        self._at(at + self._world.settle_delay[number], partial(self._settle, number))

    def _lift(self, number: int, at: float) -> None:
        case = acts.case_of(number)
        if case.objection_since is not None and _in_force(case, at):
            acts.lift(case, at=moment(at))
            self._at(at + MINUTE / 2, self._publish_removals)

    def _settle(self, number: int, at: float) -> None:
        acts.settle(acts.case_of(number), self._staff, at=moment(at))
        if self._policy.between:
            self._at(at + policies.INTERIM, self._publish_blocks)
        if self._policy.hold_after:
            self._at(at + MINUTE / 2, self._publish_holds)

    def _ask_operators(self, at: float) -> None:
        """Who holds the numbers under block? Only with the fast release."""
        if not self._policy.fast_release:
            return
        for case in Case.objects.filter(blocks__released_at=None, blocks__isnull=False).distinct():
            number = self._places[int(case.number_text[1:])]
            if not self._world.innocent[number] and self._world.recycled_at[number] <= at:
                acts.has_new_holder(case, at=moment(at))
                self._at(at + MINUTE / 2, self._publish_removals)


def _in_force(case: Case, at: float) -> bool:
    held = case.holds.filter(state="confirmed", ended_at=None, ends_at__gt=moment(at)).exists()
    return held or Block.objects.filter(case=case, released_at=None).exists()
