"""Every act of a person that changes something, by its name, with what the audit log must say of it.

Each row: who does it, what the audit log calls it, the state it begins in, and the act.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aduan.accounts import services as accounts
from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.appeals import services as appeals
from aduan.blocklists import services as lists
from aduan.cases import services as cases
from aduan.cases.models import Alarm, Case, TraceRequest
from aduan.cases.workflow import CaseAction, ProposalType
from aduan.complaints import services as complaints
from aduan.numbers import services as numbers
from aduan.numbers.models import RoutingTask
from aduan.operators import access_keys, webhooks
from aduan.operators import members as operator_people
from aduan.operators.services import imports, ranges
from tests.factories import cases as make
from tests.factories.accounts import person, step_up
from tests.factories.complaints import complaint
from tests.factories.operators import operator as an_operator
from tests.journeys.audited_desk import DESK
from tests.journeys.audited_holds import HOLDS
from tests.journeys.audited_lists import LISTS
from tests.journeys.audited_referrals import REFERRALS
from tests.journeys.audited_register import REGISTER
from tests.journeys.audited_releases import RELEASES
from tests.journeys.audited_teamwork import TEAMWORK
from tests.journeys.audited_warnings import WARNINGS
from tests.journeys.scenario import DAY, TRANSFER, TYPED, WHY, Row, Scenario


def _two_signed(s: Scenario) -> Case:
    case = s.proposed(kind="landline")
    make.signed(case, by=s.citra, at=s.now)
    case.refresh_from_db()
    return case


def _fresh(s: Scenario, start: Callable[[Scenario], Case]) -> Case:
    case = start(s)
    case.refresh_from_db()
    return case


def _listed(s: Scenario, case: Case) -> list[cases.SelectedCase]:
    return [cases.SelectedCase(case, case.contents_digest, (make.make_evidence(case),))]


def _by_machine(act: Callable[..., object]) -> Callable[[Scenario, Any], object]:
    return lambda s, one: act(one, by=s.machine, at=s.now)


def _as(s: Scenario, by: User) -> dict[str, Any]:
    return {"by": by, "at": s.now, "step_up": step_up(by, s.now), "reason": TYPED}


def _change(s: Scenario) -> Any:
    other = person("tuti@aduan.example", "Tuti Handayani", Role.ADMINISTRATOR)
    return accounts.propose_roles(s.budi, ["reviewer", "lead"], **_as(s, other))


def _nothing(s: Scenario) -> None:
    return None


# By module and name, without "aduan."; a new one that is not listed here fails the build.
def _first_person(s: Scenario, *, by: User) -> Any:
    return operator_people.request_first(
        an_operator("smartfren", "Smartfren"), email="sari@satelit.example", name="Sari", staff_number="7",
        reason=TYPED, by=by, step_up=step_up(by, s.now), at=s.now,
    )  # fmt: skip


def _phone(s: Scenario, *, by: User) -> Any:
    return accounts.request_phone(
        s.budi, "+6281200001111", reason=TYPED, by=by, step_up=step_up(by, s.now), at=s.now
    )


ACTS: dict[str, Row] = {
    **RELEASES,
    **LISTS,
    **REGISTER,
    **DESK,
    **HOLDS,
    **REFERRALS,
    **WARNINGS,
    **TEAMWORK,
    "cases.services.assignment.claim": Row(
        "budi", ["case.claim"], Scenario.case, lambda s, c: cases.claim(c, by=s.budi, at=s.now)),
    "cases.services.assignment.next_case": Row(
        "budi", ["case.claim"], Scenario.case, lambda s, c: cases.next_case(by=s.budi, at=s.now)),
    "cases.services.assignment.unassign": Row(
        "budi", ["case.unassign"], lambda s: cases.claim(s.case(), by=s.budi, at=s.now),
        lambda s, c: cases.unassign(c, by=s.budi, at=s.now)),
    "cases.services.closures.request_information": Row(
        "budi", ["case.ask"], Scenario.case,
        lambda s, c: make.asked(c, by=s.budi, at=s.now, reason_code="test-ask", note=TYPED)),
    "cases.services.closures.dismiss": Row(
        "budi", ["case.dismiss"], Scenario.case,
        lambda s, c: make.dismissed(c, by=s.budi, at=s.now, reason_code="test-dismiss", note=TYPED)),
    "cases.services.closures.declare_not_ours": Row(
        "budi", ["case.declare_not_ours"], Scenario.case,
        lambda s, c: make.not_ours(
            c, by=s.budi, at=s.now, reason_code="test-declare_not_ours", note=TYPED)),
    "cases.services.closures.reopen": Row(
        "budi", ["case.reopen"],
        lambda s: make.dismissed(s.case(), by=s.budi, at=s.now, reason_code="test-dismiss"),
        lambda s, c: cases.reopen(c, by=s.budi, at=s.now, reason=TYPED)),
    "cases.services.bulk.bulk_dismiss": Row(
        "budi", ["case.dismiss"] * 2, lambda s: [s.case(), s.case()],
        lambda s, two: cases.bulk_dismiss(
            make.selected(two), by=s.budi, at=s.now, reason_code="test-dismiss", note=TYPED)),
    "cases.services.bulk.bulk_request_information": Row(
        "budi", ["case.ask"] * 2, lambda s: [s.case(), s.case()],
        lambda s, two: cases.bulk_request_information(
            make.selected(two), by=s.budi, at=s.now, reason_code="test-ask", note=TYPED)),
    "cases.services.proposals.propose": Row(
        "budi", ["case.propose"], Scenario.case,
        lambda s, c: make.proposed(c, by=s.budi, at=s.now, reason=TYPED)),
    "cases.services.proposals.retract": Row(
        "budi", ["case.retract"], Scenario.proposed,
        lambda s, c: cases.retract(c, by=s.budi, at=s.now, reason=TYPED)),
    "cases.services.signatures.sign_off": Row(
        "citra", ["case.disagree"], Scenario.proposed,
        lambda s, c: make.signed(c, by=s.citra, at=s.now, agrees=False, reason=TYPED)),
    "cases.services.signatures.decide_third": Row(
        "agus", ["case.confirm_block"], _two_signed,
        lambda s, c: make.decided_third(c, by=s.agus, at=s.now, reason=TYPED)),
    "cases.services.campaigns.propose_each": Row(
        "budi", ["case.propose"], lambda s: _listed(s, s.case()),
        lambda s, listed: cases.propose_each(
            listed, by=s.budi, at=s.now, step_up=step_up(s.budi, s.now),
            proposal_type=ProposalType.BLOCK, reason_code="test-propose", reason=TYPED)),
    "cases.services.campaigns.sign_each": Row(
        "citra", ["case.confirm_block"], lambda s: _listed(s, _fresh(s, Scenario.proposed)),
        lambda s, listed: cases.sign_each(
            listed, by=s.citra, at=s.now, step_up=step_up(s.citra, s.now), agrees=True, reason=TYPED)),
    "appeals.services.possession_verification.confirm_possession": Row(
        "agus", ["objection.confirm_possession"], Scenario.unproven,
        lambda s, one: appeals.confirm_possession(one, by=s.agus, note=TYPED, at=s.now)),
    "appeals.services.possession_verification.second_possession": Row(
        "citra", ["objection.second_possession"],
        lambda s: appeals.confirm_possession(s.unproven(), by=s.agus, note=TYPED, at=s.now, by_operator=True),
        lambda s, one: appeals.second_possession(one, by=s.citra, at=s.now)),
    "cases.services.quality_sampling.answer_quality_review": Row(
        "agus", ["case.quality_review"], Scenario.quality_review,
        lambda s, one: cases.answer_quality_review(one, by=s.agus, at=s.now, agrees=False, reason=TYPED)),
    "cases.services.rate_limit.mark_alarm_seen": Row(
        "lea", ["alarm.acknowledge"],
        lambda s: cases.raise_alarm(Alarm.Kind.CONTACTS_REVEALED, person=s.budi, at=s.now, detail={}),
        lambda s, alarm: cases.mark_alarm_seen(alarm, by=s.lea, at=s.now)),
    "cases.services.canned_reasons.save_reason": Row(
        "lea", ["canned_reason.save"], _nothing,
        lambda s, _: cases.save_reason(
            by=s.lea, at=s.now, code="x", action=CaseAction.ASK, text_id=TYPED, text_en=TYPED)),
    "cases.services.number_facts.set_in_use_since": Row(
        "dewi", ["number.set_in_use_since"], _nothing,
        lambda s, _: cases.set_in_use_since(6281211112222, since=s.now.date(), actor=s.machine, at=s.now)),
    "cases.services.traces.answer_trace": Row(
        "dewi", ["case.answer_trace"],
        lambda s: TraceRequest.objects.get(case=s.confirmed(ProposalType.SPOOFED), operator=s.telkomsel),
        lambda s, one: cases.answer_trace(one, finding="abroad", note=TYPED, actor=s.machine, at=s.now)),
    "complaints.services.contact_access.reveal_contact": Row(
        "budi", ["complaint.reveal"], lambda s: complaint(s.now, contact_email="sari@example.id"),
        lambda s, one: complaints.reveal_contact(one, by=s.budi, reason=TYPED, at=s.now)),
    "complaints.services.retention.erase": Row(
        "rini", ["complaint.erase"], lambda s: complaint(s.now, contact_email="sari@example.id"),
        lambda s, one: complaints.erase(one, by=s.rini, at=s.now)),
    "accounts.services.users.invite": Row(
        "rini", ["user.invite", "user.propose_change"], _nothing,
        lambda s, _: accounts.invite(
            email="baru@aduan.example", name=TYPED, staff_number="9", roles=["lead"], **_as(s, s.rini))),
    "accounts.services.users.take_roles": Row(
        "rini", ["user.set_roles"], _nothing,
        lambda s, _: accounts.take_roles(s.budi, [], by=s.rini, at=s.now)),
    "accounts.services.changes.propose_roles": Row(
        "rini", ["user.propose_change"], _nothing,
        lambda s, _: accounts.propose_roles(s.budi, ["reviewer", "lead"], **_as(s, s.rini))),
    "accounts.services.changes.propose_identity": Row(
        "rini", ["user.propose_change"], _nothing,
        lambda s, _: accounts.propose_identity(
            s.budi, name=TYPED, email=s.budi.email, staff_number="9", **_as(s, s.rini))),
    "accounts.services.changes.propose_second_factor_reset": Row(
        "rini", ["user.propose_change"], _nothing,
        lambda s, _: accounts.propose_second_factor_reset(s.budi, **_as(s, s.rini))),
    "accounts.services.changes.propose_reactivation": Row(
        "rini", ["user.propose_change"], lambda s: accounts.deactivate(s.budi, by=s.rini, at=s.now),
        lambda s, one: accounts.propose_reactivation(one, **_as(s, s.rini))),
    "accounts.services.changes.confirm_account_change": Row(
        "rini", ["user.confirm_change"], _change,
        lambda s, one: accounts.confirm_account_change(
            one, by=s.rini, at=s.now, step_up=step_up(s.rini, s.now))),
    "accounts.services.changes.refuse_account_change": Row(
        "rini", ["user.refuse_change"], _change,
        lambda s, one: accounts.refuse_account_change(one, by=s.rini, at=s.now)),
    "cases.services.staff_changes.withdraw_proposals_of": Row(
        "rini", ["case.retract"],
        lambda s: (s.proposed(), accounts.deactivate(s.budi, by=s.rini, at=s.now))[1],
        lambda s, one: cases.withdraw_proposals_of(one, by=s.rini, at=s.now)),
    "accounts.services.phones.request_phone": Row(
        "rini", ["approval.request"], _nothing, lambda s, _: _phone(s, by=s.rini)),
    "accounts.services.phones.approve_phone": Row(
        "rini", ["approval.approve", "user.set_phone"], lambda s: _phone(s, by=s.tuti),
        lambda s, one: accounts.approve_phone(one, by=s.rini, step_up=step_up(s.rini, s.now), at=s.now)),
    "accounts.services.phones.set_phone": Row(
        "rini", ["user.set_phone"], _nothing,
        lambda s, _: accounts.set_phone(s.budi, "+6281200001111", by=s.rini, at=s.now)),
    "accounts.services.users.deactivate": Row(
        "rini", ["user.deactivate"], _nothing,
        lambda s, _: accounts.deactivate(s.budi, by=s.rini, at=s.now)),
    "accounts.services.background_jobs.retry_job": Row(
        "rini", ["job.retry"], Scenario.failed_job,
        lambda s, job: accounts.retry_job(job, by=s.rini, at=s.now)),
    "accounts.services.background_jobs.resend_message": Row(
        "rini", ["message.resend"], Scenario.dead_message,
        lambda s, message: accounts.resend_message(message, by=s.rini, at=s.now)),
    "numbers.services.protection.protect": Row(
        "rini", ["number.protect"], _nothing, lambda s, _: s.protected()),
    "numbers.services.protection.protect_pattern": Row(
        "rini", ["number.protect"], _nothing,
        lambda s, _: numbers.protect_pattern(
            "+6281234567890", owner="RSUP", kind="h", **WHY, by=s.rini, at=s.now)),
    "numbers.services.protection.unprotect": Row(
        "rini", ["number.unprotect"], Scenario.protected,
        lambda s, row: numbers.unprotect(row, reason=TYPED, by=s.rini, at=s.now)),
    "numbers.services.routing.override_holder": Row(
        "rini", ["number.override_holder"], _nothing, lambda s, _: s.override()),
    "numbers.services.routing.end_override": Row(
        "rini", ["number.end_override"], Scenario.override,
        lambda s, row: numbers.end_override(row, reason=TYPED, by=s.rini, at=s.now)),
    "numbers.services.routing.settle_task": Row(
        "rini", ["number.confirm_holder"],
        lambda s: numbers.open_routing_task(
            make.number(s.telkomsel, at=s.now), reason=RoutingTask.Reason.NOT_OURS,
            raised_by_id=s.telkomsel.pk, note="x", at=s.now),
        lambda s, task: numbers.settle_task(task, operator=None, reason=TYPED, by=s.rini, at=s.now)),
    "operators.services.ranges.add_range": Row(
        "rini", ["number_range.add"], _nothing,
        lambda s, _: ranges.add_range(
            "0850", operator=s.telkomsel, brand="Baru", since=DAY, **WHY, by=s.rini, at=s.now)),
    "operators.services.ranges.end_range": Row(
        "rini", ["number_range.end"], Scenario.range,
        lambda s, row: ranges.end_range(row, on=DAY, reason=TYPED, by=s.rini, at=s.now)),
    "operators.services.ranges.transfer_range": Row(
        "rini", ["number_range.end", "number_range.add"], Scenario.range,
        lambda s, row: ranges.transfer_range(row, to=s.indosat, on=DAY, **WHY, by=s.rini, at=s.now)),
    "operators.services.ranges.transfer_all": Row(
        "rini", ["number_range.end", "number_range.add"] * 3, _nothing,
        lambda s, _: ranges.transfer_all(s.telkomsel, to=s.indosat, on=DAY, **WHY, by=s.rini, at=s.now)),
    "operators.services.imports.apply": Row(
        "rini", ["number_range.end", "number_range.add"], _nothing,
        lambda s, _: imports.apply(TRANSFER, reason=TYPED, by=s.rini, at=s.now)),
    "operators.access_keys.create_key": Row("dewi", ["access_key.create"], _nothing, lambda s, _: s.key()),
    "operators.access_keys.rotate_key": Row(
        "dewi", ["access_key.rotate"], Scenario.key,
        lambda s, key: access_keys.rotate_key(key, by=s.machine, at=s.now)),
    "operators.access_keys.revoke_key": Row(
        "dewi", ["access_key.revoke"], Scenario.key,
        lambda s, key: access_keys.revoke_key(key, by=s.machine, at=s.now)),
    "operators.members.invite": Row("dewi", ["operator_member.invite"], _nothing, lambda s, _: s.colleague()),
    "operators.members.request_first": Row(
        "rini", ["approval.request"], _nothing, lambda s, _: _first_person(s, by=s.rini)),
    "operators.members.approve_first": Row(
        "rini", ["approval.approve", "operator_member.invite"], lambda s: _first_person(s, by=s.tuti),
        lambda s, one: operator_people.approve_first(
            one, by=s.rini, step_up=step_up(s.rini, s.now), at=s.now)),
    "operators.members.deactivate": Row(
        "dewi", ["operator_member.deactivate"], Scenario.colleague,
        lambda s, one: operator_people.deactivate(one, by=s.machine, at=s.now)),
    "operators.members.reactivate": Row(
        "dewi", ["operator_member.reactivate"], Scenario.left_colleague,
        lambda s, one: operator_people.reactivate(one, by=s.machine, at=s.now)),
    "blocklists.services.sandbox.open_sandbox": Row(
        "lina", ["sandbox.open", *["canary.add"] * 12], _nothing,
        lambda s, _: lists.open_sandbox(by=s.lina, at=s.now)),
    "operators.webhooks.register": Row("dewi", ["webhook.register"], _nothing, lambda s, _: s.endpoint()),
    **{
        f"operators.webhooks.{act.__name__}": Row("dewi", [f"webhook.{word}"], state, _by_machine(act))
        for act, word, state in (
            (webhooks.close, "close", Scenario.endpoint), (webhooks.stop, "stop", Scenario.endpoint),
            (webhooks.reopen, "reopen", Scenario.closed_endpoint),
            (webhooks.resume, "resume", Scenario.stopped_endpoint),
            (webhooks.rotate_secret, "rotate", Scenario.endpoint),
            (webhooks.send_test, "test", Scenario.endpoint), (webhooks.replay, "replay", Scenario.delivery),
        )
    },
}  # fmt: skip
