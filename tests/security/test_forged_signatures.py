"""What SQL as the application's role can forge of a second person: nothing that counts.

Seen on 9f931d8: one UPDATE with the id of another reviewer confirmed a proposal, and a block stood behind it.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError

from aduan.accounts.models import StepUpEvidence, User
from aduan.accounts.services import record_step_up
from aduan.cases.models import Block, Case, Proposal
from aduan.core.audit_actions import AuditAction
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories.accounts import past_triggers, step_up
from tests.security.injection import run_sql

pytestmark = pytest.mark.django_db
SIGN = """
    UPDATE cases_proposal SET state = 'confirmed', settled_at = %(at)s, second_by_id = %(by)s,
        second_at = %(at)s, second_agrees = true, second_digest = seen_digest, second_step_up_id = %(proof)s
    WHERE case_id = %(case)s"""
PROPOSE = """
    INSERT INTO cases_proposal (case_id, proposal_type, state, reason_code, reason, evidence_ids, urgent,
        seen_digest, seen_counts, needs_third, third_because, proposed_by_id, proposed_at,
        proposed_step_up_id, second_reason, second_digest, third_reason, third_digest)
    SELECT id, 'spoofed', 'pending', '', '', '{}', false, contents_digest, '{}', false, '', %(by)s, %(at)s,
        %(proof)s, '', '', '', '' FROM cases_case WHERE id = %(case)s"""


@pytest.fixture
def case(telkomsel: Operator, budi: User, now: dt.datetime) -> Case:
    """Budi proposed a block."""
    case = make.make_case(telkomsel, at=now)
    make.proposed(case, by=budi, at=now)
    return case


def _refused(case: Case, by: User, at: dt.datetime, proof: int | None) -> None:
    with pytest.raises(IntegrityError, match="no step-up behind this signature"):
        run_sql(SIGN, case=case.pk, by=by.pk, at=at, proof=proof)
    assert not Proposal.objects.filter(state="confirmed").exists()
    assert not Block.objects.exists()


def test_a_name_alone_does_not_sign(case: Case, citra: User, now: dt.datetime, injected: None) -> None:
    _refused(case, citra, now, None)


def test_the_proof_of_the_first_person_does_not_sign_for_the_second(
    case: Case, citra: User, now: dt.datetime, injected: None
) -> None:
    _refused(case, citra, now, StepUpEvidence.objects.get().pk)


@pytest.mark.parametrize("other", ["act", "subject", "digest", "time"])
def test_her_own_proof_for_something_else_does_not_sign(
    case: Case, citra: User, now: dt.datetime, injected: None, other: str
) -> None:
    """She is at work: genuine proofs of hers are there to be stolen, each bound to what she did."""
    case.refresh_from_db()
    proof = record_step_up(
        step_up(citra, now),
        by=citra,
        act=AuditAction.CASE_DISAGREE if other == "act" else AuditAction.CASE_AGREE,
        subject="case:0" if other == "subject" else f"case:{case.pk}",
        digest="x" if other == "digest" else case.contents_digest,
        at=now,
    )
    _refused(case, citra, now + dt.timedelta(seconds=other == "time"), proof.pk)


def test_a_genuine_signature_serves_one_proposal(
    case: Case, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    """A proof that was used cannot stand behind another row, nor be copied."""
    make.signed(case, by=citra, at=now, agrees=False)
    make.decided_third(case, by=agus, at=now, agrees=False)
    used = Proposal.objects.get()
    with pytest.raises(IntegrityError, match="proposed_step_up_id"):
        run_sql(PROPOSE, case=case.pk, by=budi.pk, at=now, proof=used.proposed_step_up_id)
    columns = "person_id, method, proved_at, act, subject, digest, at, nonce, mac"
    forged = f"INSERT INTO accounts_stepupevidence ({columns})"
    with pytest.raises(IntegrityError, match="mac"):
        run_sql(f"{forged} SELECT {columns} FROM accounts_stepupevidence")  # noqa: S608 - columns above


def test_a_proposal_too_takes_its_proposer(
    telkomsel: Operator, budi: User, now: dt.datetime, injected: None
) -> None:
    case = make.make_case(telkomsel, at=now)
    with pytest.raises(IntegrityError, match="no step-up behind this signature"):
        run_sql(PROPOSE, case=case.pk, by=budi.pk, at=now, proof=None)


BLOCK = """
    INSERT INTO cases_block (case_id, proposal_id, number_id, operator_id, digits, requested_action, category,
        valid_from, valid_until, urgent, confirmed_at, released_at, released_on, release_reason)
    SELECT case_id, proposal_id, number_id, operator_id, digits, requested_action, category,
        valid_from + 1, valid_until, urgent, confirmed_at, now(), valid_until, 'expired' FROM cases_block"""
ENTRY = """
    INSERT INTO core_auditlogentry (at, actor, action, subject, detail)
    SELECT confirmed_at, 'user:1', 'case.confirm_block', 'case:' || case_id,
        jsonb_build_object('proposal', proposal_id) FROM cases_block"""


@pytest.mark.django_db(transaction=True)
def test_a_block_without_its_entry_of_the_same_transaction_is_refused(
    case: Case, citra: User, now: dt.datetime
) -> None:
    """The decision's own entry is there, from its own transaction: a block that moved needs its own."""
    make.signed(case, by=citra, at=now)
    with past_triggers():
        Block.objects.update(released_at=now, released_on=now.date(), release_reason="rerouted")
    with pytest.raises(IntegrityError, match="without its entry in the audit log"):
        run_sql(BLOCK)
    assert Block.objects.count() == 1
    run_sql(f"{ENTRY}; {BLOCK}")
    assert Block.objects.count() == 2
