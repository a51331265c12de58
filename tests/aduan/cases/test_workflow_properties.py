"""CC11: properties of the workflow under random sequences of actions.

Whatever people do in whatever order, nothing is in force without two distinct people behind it, and no
grave block without three.

`make test` runs a short walk, `make test-long` 100,000 steps.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import random
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import services
from aduan.cases.dto import ContentsChange
from aduan.cases.models import Block, Case, CaseEvent, Finding, Proposal, TraceRequest
from aduan.cases.workflow import LIVE, MOVES, CaseAction, ProposalType, Status
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import DomainError
from aduan.core.models import AuditLogEntry
from aduan.numbers.models import PhoneNumber
from aduan.operators.actors import Actor
from aduan.operators.models import Operator
from tests.aduan.cases import releases_of_two as two
from tests.factories import cases as make
from tests.factories.accounts import person
from tests.factories.operators import operator, person_of

BLOCK, REFER, SPOOFED = ProposalType.BLOCK, ProposalType.REFER, ProposalType.SPOOFED
PROPOSED_TYPES = [BLOCK, REFER, BLOCK, SPOOFED, BLOCK, REFER]
# In the audit log, but no event of a member of staff on a case.
OTHER_ACTS = [
    AuditAction.CASE_CLAIM,
    AuditAction.CASE_UNASSIGN,
    AuditAction.CASE_ANSWER_TRACE,
    AuditAction.NUMBER_SET_IN_USE_SINCE,
]
START = dt.datetime(2026, 11, 18, 2, 0, tzinfo=dt.UTC)


class Office:
    """Four numbers, six people, every service; refusals are part of a working day."""

    def __init__(self) -> None:
        self.at = START
        make.reasons()
        home = operator("telkomsel", "Telkomsel")
        operator("whatsapp", "WhatsApp", kind=Operator.Kind.OTT, obligation=Operator.Obligation.VOLUNTARY)
        kinds = ("mobile", "mobile", "landline", "mobile")
        self.numbers: list[PhoneNumber] = [
            make.number(home if index < 3 else None, at=self.at, kind=kind)
            for index, kind in enumerate(kinds)
        ]
        self.home = Actor(home, person_of(home, "dewi@telkomsel.example", "Dewi"))
        self.people: list[User] = [
            person(f"{name}@aduan.example", name.title(), role)
            for name, role in (
                ("budi", Role.REVIEWER),
                ("citra", Role.REVIEWER),
                ("agus", Role.APPROVER),
                ("lea", Role.LEAD),
                ("rina", Role.REVIEWER),
                ("dina", Role.APPROVER),
            )
        ]
        self.steps = 0

    def file(self, which: int, channel: str) -> None:
        services.open_or_join(
            self.numbers[which], report=make.report(channel=channel, independent=which % 2 == 0), at=self.at
        )

    def act(self, which: int, who: int, kind: str, choice: int) -> bool:
        """One step of one person on the newest case of one number. True when it was allowed."""
        case = Case.objects.filter(number=self.numbers[which]).order_by("-id").first()
        if case is None:
            return False
        by, at, yes = self.people[who], self.at, choice % 2 == 0
        plain: dict[str, Any] = {"by": by, "at": at}
        steps: dict[str, Callable[[], object]] = {
            "claim": lambda: services.claim(case, **plain),
            "let_go": lambda: services.unassign(case, **plain),
            "ask": lambda: make.asked(case, **plain, reason_code="test-ask"),
            "complete": lambda: services.update_contents(
                case, change=ContentsChange("more", evidence=1, complete=True), at=at
            ),
            "withdraw": lambda: services.update_contents(
                case, change=ContentsChange("less", complaints=-1, weaker=True), at=at
            ),
            "propose": lambda: make.proposed(case, by=by, at=at, proposal_type=PROPOSED_TYPES[choice]),
            "retract": lambda: services.retract(case, **plain, reason="Salah"),
            "sign": lambda: make.signed(case, by=by, at=at, agrees=yes),
            "third": lambda: make.decided_third(case, by=by, at=at, agrees=yes),
            "dismiss": lambda: make.dismissed(case, **plain, reason_code="test-dismiss"),
            "not_ours": lambda: make.not_ours(case, **plain, reason_code="test-declare_not_ours"),
            "reopen": lambda: services.reopen(case, **plain, reason="Bukti baru"),
            "release": lambda: two.release(case, **plain),
            "object": lambda: services.record_objection(case, at=at),
            "settle": lambda: two.settle(case, **plain, upheld=yes),
            "answer": lambda: services.record_operator_outcome(
                case, operator_id=1, answer="recycled" if choice == 5 else "blocked", at=at
            ),
            "expire": lambda: services.expire_blocks(at=at),
            "route": lambda: services.route_blocks(at=at),
            "in_use": lambda: services.set_in_use_since(
                self.numbers[which].digits or 0,
                since=(at - dt.timedelta(days=500 * choice)).date(),
                actor=self.home,
                at=at,
            ),
            "trace": lambda: services.answer_trace(
                case.trace_requests.get(),
                finding=Finding.values[choice % 5],
                note="x",
                actor=self.home,
                at=at,
            ),
        }
        try:
            with transaction.atomic():
                steps[kind]()
        except (DomainError, TraceRequest.DoesNotExist, TraceRequest.MultipleObjectsReturned):
            return False
        return True

    def wait(self, minutes: int) -> None:
        self.at += dt.timedelta(minutes=minutes)

    def check(self) -> None:
        self._two_people_behind_every_block()
        self._no_step_skipped()
        for number in self.numbers:
            assert Case.objects.filter(number=number, status__in=LIVE).count() <= 1

    def _two_people_behind_every_block(self) -> None:
        for block in Block.objects.select_related("proposal", "case", "released_under"):
            signers: set[int | None] = {block.proposal.proposed_by_id}
            if block.proposal.second_agrees:
                signers.add(block.proposal.second_by_id)
            if block.proposal.third_agrees:
                signers.add(block.proposal.third_by_id)
            assert len(signers - {None}) >= 2
            if block.requested_action == BLOCK and block.case.number_kind == "landline":
                assert block.proposal.needs_third
            if block.proposal.needs_third:
                assert len(signers - {None}) == 3
            assert block.proposal.state == Proposal.State.CONFIRMED
            two.assert_two_others_behind(block, signers)
            if block.released_at is None:
                assert block.case.status in (Status.CONFIRMED, Status.REFERRED)
        decided = Case.objects.filter(status__in=[Status.CONFIRMED, Status.REFERRED, Status.SPOOFED])
        for case in decided:
            assert case.proposals.filter(state=Proposal.State.CONFIRMED).exists()

    def _no_step_skipped(self) -> None:
        """Events are moves of the table, join end to end, and those of people are in the audit log."""
        last: dict[int, str] = {}
        persons = 0
        for event in CaseEvent.objects.order_by("id"):
            assert MOVES[Status(event.from_status), CaseAction(event.action)] == event.to_status
            assert last.get(event.case_id, Status.OPEN) == event.from_status
            last[event.case_id] = event.to_status
            persons += event.actor_id is not None
        assert last == dict(Case.objects.values_list("pk", "status"))
        acts = AuditLogEntry.objects.exclude(action__in=OTHER_ACTS)
        assert acts.count() == persons


RARE = [
    "claim",
    "let_go",
    "ask",
    "complete",
    "withdraw",
    "retract",
    "dismiss",
    "not_ours",
    "object",
    "reopen",
]
OFTEN = {
    "propose": 12,
    "sign": 30,
    "third": 10,
    "settle": 6,
    "release": 6,
    "answer": 1,
    "expire": 1,
    "route": 1,
    "in_use": 1,
    "trace": 2,
}
KINDS = [*RARE, *(kind for kind, weight in OFTEN.items() for _ in range(weight))]


class Walk(RuleBasedStateMachine):
    @initialize()
    def open_office(self) -> None:
        self.office = Office()

    @rule(which=st.integers(0, 3), channel=st.sampled_from(["sms", "whatsapp"]))
    def file(self, which: int, channel: str) -> None:
        self.office.file(which, channel)

    @rule(
        which=st.integers(0, 3), who=st.integers(0, 5), kind=st.sampled_from(KINDS), choice=st.integers(0, 5)
    )
    def act(self, which: int, who: int, kind: str, choice: int) -> None:
        self.office.act(which, who, kind, choice)

    @rule(minutes=st.sampled_from([1, 45, 60 * 30, 60 * 24 * 100]))
    def wait(self, minutes: int) -> None:
        self.office.wait(minutes)

    @invariant()
    def holds(self) -> None:
        if hasattr(self, "office"):
            self.office.check()


@contextlib.contextmanager
def _fresh() -> Any:
    """Each walk in a transaction that is thrown away."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class ThrownAway(Walk):
    def __init__(self) -> None:
        super().__init__()
        self.undo = contextlib.ExitStack()
        self.undo.enter_context(_fresh())

    def teardown(self) -> None:
        self.undo.close()


@pytest.mark.django_db
def test_a_short_walk() -> None:
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        ThrownAway,
        settings=settings(
            max_examples=6, stateful_step_count=25, deadline=None, suppress_health_check=checks
        ),
    )


@pytest.mark.django_db
def test_a_working_month_reaches_every_decision() -> None:
    """A plain random walk, long enough that the machine above is known to test something."""
    decisions = {Status.CONFIRMED, Status.REFERRED, Status.SPOOFED, Status.DISPUTED, Status.RELEASED}
    _walk(Office(), steps=400, every=200, seed=6, reach=decisions)


@pytest.mark.slow
@pytest.mark.django_db
def test_a_hundred_thousand_steps() -> None:
    """0 violations in 100,000 steps: with 95 % confidence fewer than 3 in 100,000."""
    blocks = grave = 0
    for seed in range(100):
        with _fresh():
            _walk(Office(), steps=1000, every=250, seed=seed)
            confirmed = Proposal.objects.filter(state=Proposal.State.CONFIRMED, proposal_type=BLOCK)
            blocks += confirmed.count()
            grave += confirmed.filter(needs_third=True).count()
    assert grave > 25
    sys.stdout.write(f"100000 steps, {blocks} blocks confirmed, {grave} of them by three people\n")


def _walk(office: Office, *, steps: int, every: int, seed: int, reach: set[Status] | None = None) -> None:
    choose = random.Random(seed)
    for step in range(1, steps + 1):
        turn = choose.random()
        if turn < 0.12:
            office.file(choose.randrange(4), choose.choice(["sms", "whatsapp", "whatsapp"]))
        elif turn < 0.3:
            office.wait(choose.choice([1, 10, 45, 60 * 30, 60 * 24 * 20]))
        else:
            office.act(choose.randrange(4), choose.randrange(6), choose.choice(KINDS), choose.randrange(6))
        if step % every == 0:
            office.check()
            assert audit_log.verify().holds
    seen = set(CaseEvent.objects.values_list("to_status", flat=True))
    assert (reach or set()) <= seen, (reach or set()) - seen
    assert not connection.needs_rollback
