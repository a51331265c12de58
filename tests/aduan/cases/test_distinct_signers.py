"""AZ5: six ways for one person to be both signers, each refused, the last ones by the database itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases.models import Block, Case, Proposal
from aduan.cases.workflow import Status
from aduan.core.errors import DomainError, Forbidden
from aduan.operators.models import Operator
from tests.database import as_administrator
from tests.factories import cases as make
from tests.factories.accounts import past_triggers, person


@pytest.fixture
def case(telkomsel: Operator, budi: User, now: dt.datetime) -> Case:
    """Budi proposed a block."""
    case = make.make_case(telkomsel, at=now)
    make.proposed(case, by=budi, at=now)
    return case


@pytest.fixture
def raw() -> Iterator[None]:
    """Direct SQL as the application's role."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE aduan_app")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def _sql(statement: str, *given: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, given)  # type: ignore[arg-type]


def _nothing_happened(case: Case) -> None:
    case.refresh_from_db()
    assert case.status == Status.PROPOSED
    assert not Block.objects.exists()
    assert not Proposal.objects.filter(state=Proposal.State.CONFIRMED).exists()


@pytest.mark.django_db
def test_by_the_service(case: Case, budi: User, now: dt.datetime) -> None:
    with pytest.raises(Forbidden):
        make.signed(case, by=budi, at=now)
    _nothing_happened(case)


@pytest.mark.django_db
def test_by_another_session(case: Case, budi: User, now: dt.datetime) -> None:
    """A second browser knows the same person under another object."""
    with pytest.raises(Forbidden):
        make.signed(case, by=User.objects.get(pk=budi.pk), at=now + dt.timedelta(hours=9))
    _nothing_happened(case)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("email", "staff_number"),
    [
        ("budi+kedua@aduan.example", "X1"),
        ("ｂｕｄｉ@aduan.example", "X2"),
        ("b.santoso@aduan.example", "{same} "),
        ("b@aduan.example", "{dashed}"),
    ],
)
def test_by_another_log_in(case: Case, budi: User, now: dt.datetime, email: str, staff_number: str) -> None:
    other = person(email, "Budi S.", Role.REVIEWER)
    dashed = f"{budi.staff_number[:2]}-{budi.staff_number[2:]}".lower()
    other.staff_number = staff_number.format(same=budi.staff_number, dashed=dashed)
    with past_triggers():
        other.save(update_fields=["staff_number"])
    with pytest.raises(Forbidden) as refusal:
        make.signed(case, by=other, at=now)
    assert refusal.value.code == "same_person"
    _nothing_happened(case)
    with pytest.raises(IntegrityError, match="one human cannot sign twice"):
        _sql(
            "UPDATE cases_proposal SET second_by_id = %s, second_at = now(), second_agrees = true,"
            " second_digest = 'x' WHERE case_id = %s",
            other.pk,
            case.pk,
        )


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_by_a_race(case: Case, budi: User, citra: User, now: dt.datetime) -> None:
    """Twenty requests at once, half of them the proposer's: one signature counts, and it is Citra's."""

    def sign(turn: int) -> str:
        try:
            make.signed(Case.objects.get(pk=case.pk), by=budi if turn % 2 else citra, at=now)
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()
        return "signed"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(sign, range(20)))
    assert answers.count("signed") == 1
    proposal = Proposal.objects.get()
    assert (proposal.second_by, proposal.state) == (citra, Proposal.State.CONFIRMED)
    assert Block.objects.count() == 1


SIGN_AS_PROPOSER = """
    UPDATE cases_proposal SET second_by_id = proposed_by_id, second_at = now(), second_agrees = true,
        second_digest = 'x', state = 'confirmed'"""
BORN_CONFIRMED = """
    INSERT INTO cases_proposal (case_id, proposal_type, state, reason_code, reason, evidence_ids, urgent,
        seen_digest, seen_counts, needs_third, third_because, proposed_by_id, proposed_at,
        second_by_id, second_at, second_agrees, second_reason, second_digest, third_reason, third_digest)
    SELECT case_id, proposal_type, 'confirmed', '', '', '{}', false, 'x', '{}', false, '', proposed_by_id,
        now(), (SELECT max(id) FROM accounts_user), now(), true, '', 'x', '', '' FROM cases_proposal"""
BLOCK_BEHIND_OPEN_PROPOSAL = """
    INSERT INTO cases_block (case_id, proposal_id, number_id, operator_id, digits, requested_action, category,
        valid_from, valid_until, urgent, confirmed_at, release_reason)
    SELECT c.id, p.id, c.number_id, c.operator_id, 1, 'block', 'HADIAH', current_date, current_date + 10,
        false, now(), '' FROM cases_case c JOIN cases_proposal p ON p.case_id = c.id"""
TRIGGERS_OFF = """
    SELECT set_config('pgtrigger.ignore', (SELECT array_agg(tgname)::text FROM pg_trigger), true);"""


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        (SIGN_AS_PROPOSER, "one human cannot sign twice"),
        ("UPDATE cases_proposal SET state = 'confirmed'", "confirmed_by_two_people"),
        (BORN_CONFIRMED, "begins pending and unsigned"),
        ("UPDATE cases_case SET status = 'confirmed'", "decided without a confirmed proposal"),
        (BLOCK_BEHIND_OPEN_PROPOSAL, "block without a proposal that two people confirmed"),
        (TRIGGERS_OFF + SIGN_AS_PROPOSER, "one human cannot sign twice"),
        (TRIGGERS_OFF + "UPDATE cases_case SET status = 'confirmed'", "without a confirmed proposal"),  # noqa: S608
    ],
)
def test_by_direct_sql_as_the_application(
    case: Case, citra: User, raw: None, statement: str, refusal: str
) -> None:
    with pytest.raises(IntegrityError, match=refusal):
        _sql(statement)
    _nothing_happened(case)


@pytest.mark.django_db
def test_who_proposed_is_closed_to_the_application_and_final_for_the_owner(case: Case, citra: User) -> None:
    statement = "UPDATE cases_proposal SET proposed_by_id = (SELECT max(id) FROM accounts_user)"
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        _sql(f"SET LOCAL ROLE aduan_app; {statement}")
    with pytest.raises(IntegrityError, match="never changes"), as_administrator():
        _sql(statement)
    _nothing_happened(case)


@pytest.mark.django_db
def test_even_without_triggers_a_constraint_refuses(case: Case) -> None:
    """A person who may switch triggers off still meets the CHECK."""
    with pytest.raises(IntegrityError, match="second_is_not_proposer"), as_administrator():
        _sql("SET LOCAL session_replication_role = replica;" + SIGN_AS_PROPOSER)
    _nothing_happened(case)


@pytest.mark.django_db
def test_a_deactivated_person_does_not_sign(case: Case, citra: User, now: dt.datetime) -> None:
    User.objects.filter(pk=citra.pk).update(is_active=False)
    with pytest.raises(Forbidden):
        make.signed(case, by=User.objects.get(pk=citra.pk), at=now)
    with pytest.raises(Forbidden) as refusal:
        make.signed(case, by=citra, at=now)  # the request began before the deactivation
    assert refusal.value.code == "signature_refused"
    _nothing_happened(case)


@pytest.mark.django_db
def test_a_proposal_of_a_person_who_left_is_not_confirmed(
    case: Case, budi: User, citra: User, now: dt.datetime
) -> None:
    User.objects.filter(pk=budi.pk).update(is_active=False)
    with pytest.raises(DomainError) as refusal:
        make.signed(case, by=citra, at=now)
    assert refusal.value.code == "proposer_left"
    _nothing_happened(case)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "role", [Role.LEAD, Role.AUDITOR, Role.LIST_MANAGER, Role.ADMINISTRATOR, Role.OPERATOR_PERSON]
)
def test_other_roles_sign_nothing(case: Case, now: dt.datetime, role: Role) -> None:
    other = person("lain@aduan.example", "Lain", role)
    with pytest.raises(Forbidden):
        make.signed(case, by=other, at=now)
    with pytest.raises(IntegrityError, match="allowed to sign"):
        _sql(
            "UPDATE cases_proposal SET second_by_id = %s, second_at = now(), second_agrees = true,"
            " second_digest = 'x'",
            other.pk,
        )
    _nothing_happened(case)
