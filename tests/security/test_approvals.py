"""What one person alone, or SQL as the application role, can change of lists, register and limits: nothing.

On cb4a477 one list manager switched the filter, added and ended canaries at once, and one UPDATE as the
application's role did the same without any person.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError

from aduan.accounts.models import ApprovalRequest, StepUpEvidence, User
from aduan.accounts.roles import Role
from aduan.accounts.services import decline_approval, record_step_up
from aduan.accounts.services.approvals import terms_digest
from aduan.blocklists import services as lists
from aduan.blocklists.models import Canary, ListSubscription
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, WrongState
from aduan.operators.models import Operator
from tests.factories import approvals as make
from tests.factories.accounts import past_triggers, person, step_up
from tests.security.injection import run_sql

pytestmark = pytest.mark.django_db
SETTLE = """
    UPDATE accounts_approvalrequest SET state = 'approved', settled_by_id = %(by)s, settled_at = %(at)s,
        settled_step_up_id = %(proof)s WHERE id = %(id)s"""
SUBSCRIBE = """
    INSERT INTO blocklists_listsubscription (operator_id, series, enabled, note)
    VALUES (%(operator)s, %(series)s, %(on)s, '')"""


@pytest.fixture
def mira(db: None) -> User:
    return person("mira@aduan.example", "Mira", Role.LIST_MANAGER)


@pytest.fixture
def asked(telkomsel: Operator, lina: User, now: dt.datetime) -> ApprovalRequest:
    return lists.request_inbound(
        telkomsel, on=True, note="surat 12/2026", by=lina, step_up=step_up(lina, now), at=now
    )


def test_who_asked_does_not_approve_under_a_second_log_in_either(
    asked: ApprovalRequest, lina: User, now: dt.datetime
) -> None:
    again = person("lina+2@aduan.example", "Lina H.", Role.LIST_MANAGER)
    for one in (lina, again):
        with pytest.raises(Forbidden, match="same_person"):
            lists.approve_list_change(asked, by=one, step_up=step_up(one, now), at=now)
    assert not ListSubscription.objects.exists()


def test_the_second_person_needs_the_right_and_a_fresh_proof_of_their_own(
    asked: ApprovalRequest, lina: User, mira: User, rini: User, now: dt.datetime
) -> None:
    with pytest.raises(Forbidden):
        lists.approve_list_change(asked, by=rini, step_up=step_up(rini, now), at=now)
    for proof in (step_up(lina, now), step_up(mira, now, minutes_ago=60)):
        with pytest.raises(Forbidden, match="step_up_missing"):
            lists.approve_list_change(asked, by=mira, step_up=proof, at=now)
    assert not ListSubscription.objects.exists()


def test_it_is_done_once_and_not_after_a_refusal(
    telkomsel: Operator, asked: ApprovalRequest, lina: User, mira: User, now: dt.datetime
) -> None:
    decline_approval(asked, reason="tidak perlu", by=mira, at=now)
    with pytest.raises(WrongState, match="already_settled"):
        lists.approve_list_change(asked, by=mira, step_up=step_up(mira, now), at=now)
    make.inbound_switched(telkomsel, on=True, by=(lina, mira), at=now)
    assert ListSubscription.objects.get().enabled
    last = ApprovalRequest.objects.latest("pk")
    with pytest.raises(WrongState, match="already_settled"):
        lists.approve_list_change(last, by=mira, step_up=step_up(mira, now), at=now)


def test_a_request_ends_with_the_right_of_its_asker(
    asked: ApprovalRequest, lina: User, mira: User, now: dt.datetime
) -> None:
    with past_triggers():
        User.objects.filter(pk=lina.pk).update(roles=[])
    with pytest.raises(WrongState, match="requester_left"):
        lists.approve_list_change(asked, by=mira, step_up=step_up(mira, now), at=now)


def test_sql_cannot_approve_without_the_proof_over_these_terms(
    asked: ApprovalRequest, lina: User, mira: User, now: dt.datetime, injected: None
) -> None:
    """Genuine proofs of Mira's are there to be stolen, each bound to other terms, another subject or act."""
    digest, approved = terms_digest(asked.terms), AuditAction.APPROVAL_APPROVE
    proofs: list[int | None] = [None, asked.requested_step_up_id]
    stolen = [
        ("operator:0", approved, digest),
        (asked.subject, AuditAction.APPROVAL_REQUEST, digest),
        (asked.subject, approved, terms_digest("{}")),
    ]
    for turn, (subject, act, over) in enumerate(stolen):
        at = now + dt.timedelta(microseconds=turn)
        proof = record_step_up(step_up(mira, at), by=mira, act=act, subject=subject, at=at, digest=over)
        proofs.append(proof.pk)
    for stolen_proof in proofs:
        at = StepUpEvidence.objects.get(pk=stolen_proof).at if stolen_proof else now
        with pytest.raises(IntegrityError):
            run_sql(SETTLE, by=mira.pk, at=at, proof=stolen_proof, id=asked.pk)
    with pytest.raises(IntegrityError):
        run_sql(SETTLE, by=lina.pk, at=now, proof=asked.requested_step_up_id, id=asked.pk)
    asked.refresh_from_db()
    assert asked.state == "pending"


@pytest.mark.parametrize("column", ["terms", "subject", "kind", "reason", "requested_by_id"])
def test_sql_cannot_change_what_was_asked_for(asked: ApprovalRequest, injected: None, column: str) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        run_sql(f"UPDATE accounts_approvalrequest SET {column} = {column} WHERE id = %(id)s", id=asked.pk)  # noqa: S608
    with pytest.raises(DatabaseError):
        run_sql("DELETE FROM accounts_approvalrequest")


@pytest.mark.parametrize(("series", "on"), [("inbound", True), ("block", False), ("inbound", False)])
def test_sql_cannot_subscribe(
    telkomsel: Operator, asked: ApprovalRequest, injected: None, series: str, on: bool
) -> None:
    with pytest.raises(IntegrityError, match="two list managers"):
        run_sql(SUBSCRIBE, operator=telkomsel.pk, series=series, on=on)


def test_an_approval_of_one_thing_allows_no_other(
    telkomsel: Operator, indosat: Operator, lina: User, mira: User, now: dt.datetime
) -> None:
    """Also not in its own transaction."""
    make.inbound_switched(telkomsel, on=True, by=(lina, mira), at=now)
    with pytest.raises(IntegrityError):
        run_sql(SUBSCRIBE, operator=indosat.pk, series="inbound", on=True)
    with pytest.raises(IntegrityError):
        run_sql(SUBSCRIBE, operator=telkomsel.pk, series="block", on=False)
    with pytest.raises(IntegrityError):
        run_sql("UPDATE blocklists_listsubscription SET enabled = false")


@pytest.mark.django_db(transaction=True)
def test_an_approval_allows_nothing_later(
    telkomsel: Operator, lina: User, mira: User, now: dt.datetime
) -> None:
    make.inbound_switched(telkomsel, on=True, by=(lina, mira), at=now)
    make.inbound_switched(telkomsel, on=False, by=(mira, lina), at=now + dt.timedelta(seconds=1))
    with pytest.raises(IntegrityError):
        run_sql("UPDATE blocklists_listsubscription SET enabled = true")


def test_a_canary_takes_two_from_its_first_day_to_its_last(
    telkomsel: Operator, lina: User, mira: User, now: dt.datetime
) -> None:
    asked = make.canary_asked(telkomsel, by=lina, at=now)
    assert not Canary.objects.exists()
    lists.approve_list_change(asked, by=mira, step_up=step_up(mira, now), at=now)
    canary = Canary.objects.get()
    with pytest.raises(IntegrityError, match="two list managers"):
        run_sql("UPDATE blocklists_canary SET until = since")
    with pytest.raises(IntegrityError, match="a canary only ends"):
        run_sql("UPDATE blocklists_canary SET digits = 6281200000001")
    make.canary_ended(canary, by=(mira, lina), at=now + dt.timedelta(seconds=1))
    canary.refresh_from_db()
    assert canary.until == canary.since
