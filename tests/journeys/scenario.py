"""The cast and the states in which acts of people begin, for the walk over all of them."""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.appeals import services as appeals
from aduan.appeals.models import Objection
from aduan.blocklists import services as lists
from aduan.blocklists.models import BlockList, ListType, Outcome
from aduan.cases import services as cases
from aduan.cases.models import Block, Case, ChangeRequest, QualityReview
from aduan.cases.queries import effect_of_pattern
from aduan.cases.workflow import ProposalType
from aduan.core import jobs
from aduan.core.models import Job
from aduan.notifications import services as notifications
from aduan.notifications.models import OutboxMessage
from aduan.numbers import services as numbers
from aduan.numbers.models import HolderOverride, ProtectedNumber
from aduan.numbers.parsing import parse
from aduan.operators import access_keys, webhooks
from aduan.operators import members as operator_people
from aduan.operators.actors import Actor, actor_for
from aduan.operators.models import (
    AccessKey,
    NumberRange,
    Operator,
    OperatorMember,
    WebhookDelivery,
    WebhookEndpoint,
)
from tests.factories import cases as make
from tests.factories.accounts import person, step_up
from tests.factories.blocklists import OCTOBER, a_block, published
from tests.factories.operators import person_of
from tests.factories.referrals import platform

TYPED = "RAHASIA yang diketik orang"  # never in the audit log
DAY = dt.date(2026, 12, 1)
WHY: dict[str, Any] = {"reason": TYPED, "source": TYPED}
TRANSFER = (
    "prefix,operator,brand,status,since,until,source,note\n"
    "0811,indosat,Telkomsel,active,2026-12-01,,Berita Negara,merger\n"
)


@dataclass
class Scenario:
    """The cast, and states reached through services."""

    now: dt.datetime
    telkomsel: Operator
    indosat: Operator
    budi: User
    citra: User
    agus: User
    dina: User
    lea: User
    lina: User
    mira: User
    rini: User
    dewi: User

    @functools.cached_property
    def rudi(self) -> User:
        """Works for a platform."""
        return person_of(platform(), "rudi@whatsapp.example", "Rudi Hartono")

    @functools.cached_property
    def tuti(self) -> User:
        """The other administrator."""
        return person("tuti@aduan.example", "Tuti", Role.ADMINISTRATOR)

    @property
    def machine(self) -> Actor:
        return actor_for(self.dewi)

    def case(self, **facts: Any) -> Case:
        make.reasons()
        return make.make_case(self.telkomsel, at=self.now, **facts)

    def proposed(self, **facts: Any) -> Case:
        case = self.case(**facts)
        make.proposed(case, by=self.budi, at=self.now)
        return case

    def confirmed(self, proposal_type: ProposalType = ProposalType.BLOCK) -> Case:
        return make.confirmed(
            self.telkomsel, first=self.budi, second=self.citra, at=self.now, proposal_type=proposal_type
        )

    def objected(self) -> Case:
        case = self.confirmed()
        return cases.record_objection(case, at=self.now)

    def held_list(self) -> BlockList:
        a_block(self.telkomsel, by=(self.budi, self.citra), at=self.now, digits=6281500000007)
        held = lists.build_list(self.telkomsel, period=OCTOBER, kind=ListType.MONTHLY, at=self.now)
        assert held is not None
        return held

    def refusal(self) -> Outcome:
        block = a_block(self.telkomsel, by=(self.budi, self.citra), at=self.now)
        block_list = published(self.telkomsel, at=self.now)
        row = lists.AnswerRow(1, str(block.digits), "refused", "", TYPED)
        lists.report_outcomes(block_list, [row], list_digest=block_list.digest, at=self.now, by=self.dewi)
        return Outcome.objects.get()

    def unproven(self) -> Objection:
        block = a_block(self.telkomsel, by=(self.budi, self.citra), at=self.now, digits=6281270001234)
        assert Block.objects.filter(pk=block.pk).exists()
        return appeals.file_objection(
            parse("0812-7000-1234"), statement=TYPED, holder_since=None, email="", language="id", at=self.now
        )

    def quality_review(self) -> QualityReview:
        case = make.dismissed(self.case(), by=self.budi, at=self.now, reason_code="test-dismiss")
        event = case.events.latest("id")
        # One decision in twenty has been drawn by chance already.
        drawn, _created = QualityReview.objects.get_or_create(
            event=event, defaults={"case": case, "deciders": [self.budi.pk], "show_from": self.now}
        )
        return drawn

    def dead_message(self) -> OutboxMessage:
        notifications.enqueue_message(
            "complaint_received", key="k", to="sari@example.id", language="id", context={}, at=self.now
        )
        OutboxMessage.objects.update(state="dead")
        return OutboxMessage.objects.get()

    def failed_job(self) -> Job:
        jobs.enqueue("build_list", "x", at=self.now)
        Job.objects.update(state="failed")
        return Job.objects.get()

    def endpoint(self) -> WebhookEndpoint:
        return webhooks.register(
            self.telkomsel, by=self.machine, url="https://telkomsel.example/hook", events=["list.published"],
            at=self.now,
        )[0]  # fmt: skip

    def closed_endpoint(self) -> WebhookEndpoint:
        endpoint = self.endpoint()
        webhooks.close(endpoint, by=self.machine, at=self.now)
        return endpoint

    def stopped_endpoint(self) -> WebhookEndpoint:
        endpoint = self.endpoint()
        webhooks.stop(endpoint, by=self.machine, at=self.now)
        return endpoint

    def left_colleague(self) -> OperatorMember:
        colleague = self.colleague()
        operator_people.deactivate(colleague, by=self.machine, at=self.now)
        colleague.user.refresh_from_db()
        return colleague

    def delivery(self) -> WebhookDelivery:
        self.endpoint()
        webhooks.enqueue(self.telkomsel, "list.published", key="1", data={}, at=self.now)
        WebhookDelivery.objects.update(state="given_up")
        return WebhookDelivery.objects.get()

    def range(self) -> NumberRange:
        return NumberRange.objects.get(prefix="62811")

    def protected(self) -> ProtectedNumber:
        return numbers.protect("0812-3456-7890", owner="RSUP", kind="h", **WHY, by=self.rini, at=self.now)

    def protection_asked(self, case: Case, by: User | None = None) -> ChangeRequest:
        by = by or self.rini
        seen = effect_of_pattern(case.number_text, begins=True).digest
        return cases.request_protection(
            case.number_text, owner="RSUP", kind="h", **WHY, seen_digest=seen, by=by,
            step_up=step_up(by, self.now), at=self.now,
        )  # fmt: skip

    def protected_after_block(self) -> ProtectedNumber:
        asked = self.protection_asked(self.confirmed(), by=self.mira)
        return cases.confirm_protection(
            asked, by=self.lina, step_up=step_up(self.lina, self.now), at=self.now,
            seen_digest=asked.seen_digest,
        )  # fmt: skip

    def override(self) -> HolderOverride:
        number = make.number(self.telkomsel, at=self.now)
        return numbers.override_holder(number, operator=self.indosat, reason=TYPED, by=self.rini, at=self.now)

    def key(self) -> AccessKey:
        return access_keys.create_key(
            self.telkomsel, by=self.machine, name="gw", scopes=["list:read"], at=self.now
        )[0]

    def colleague(self) -> OperatorMember:
        return operator_people.invite(
            self.telkomsel, by=self.machine, email="fitri@telkomsel.example", name="Fitri", staff_number="88",
            at=self.now,
        )  # fmt: skip


@dataclass(frozen=True)
class Row:
    who: str
    recorded: list[str]
    prepare: Callable[[Scenario], Any]
    act: Callable[[Scenario, Any], object]
