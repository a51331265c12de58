"""A block that would be grave takes three people who agree; one of them who does not ends the proposal."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from aduan.accounts.models import User
from aduan.accounts.services import record_step_up
from aduan.cases import services
from aduan.cases.clocks import long_in_use
from aduan.cases.models import Block, Case, Proposal
from aduan.cases.queries import case_page
from aduan.cases.workflow import ProposalType, Status
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, WrongState
from aduan.numbers.models import PhoneNumber
from aduan.numbers.services.lookalikes import mark_lookalikes
from aduan.operators.models import Operator
from tests.database import as_administrator
from tests.factories import cases as make
from tests.factories.accounts import step_up
from tests.factories.numbers import a_protected_number

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def landline(telkomsel: Operator, now: dt.datetime) -> Case:
    return make.make_case(telkomsel, at=now, kind="landline")


def _lookalike(number: PhoneNumber) -> None:
    """The number that has only another last digit is protected from now on."""
    digits = str(number.digits)
    row = a_protected_number(f"+{digits[:-1]}{(int(digits[-1]) + 1) % 10}", owner="RSUP", kind="hospital")
    mark_lookalikes([row])
    number.refresh_from_db()


def test_a_landline_takes_three(
    landline: Case, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    assert make.proposed(landline, by=budi, at=now).third_because == "organisation"
    with pytest.raises(WrongState):
        make.decided_third(landline, by=agus, at=now)
    make.signed(landline, by=citra, at=now)
    landline.refresh_from_db()
    assert landline.status == Status.PROPOSED
    assert not Block.objects.exists()
    with pytest.raises(WrongState) as refusal:
        make.signed(landline, by=agus, at=now)
    assert refusal.value.details["name"] == "Citra Lestari"
    for signer in (budi, citra):
        with pytest.raises(Forbidden):
            make.decided_third(landline, by=signer, at=now)
    make.decided_third(landline, by=agus, at=now)
    landline.refresh_from_db()
    assert landline.status == Status.CONFIRMED
    assert Block.objects.filter(case=landline).count() == 1


def test_the_second_persons_no_sends_the_case_back_with_everything_said(
    landline: Case, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    make.proposed(landline, by=budi, at=now)
    make.signed(landline, by=citra, at=now, agrees=False, reason="Ini rumah sakit")
    landline.refresh_from_db()
    assert landline.status == Status.OPEN
    with pytest.raises(WrongState):  # nothing is left for a third person to overrule
        make.decided_third(landline, by=agus, at=now)
    page = case_page(landline.pk, viewer=agus, at=now)
    (past,) = page.past_proposals
    assert [(one.by, one.agrees, one.reason) for one in past.signatures] == [
        ("Budi Santoso", None, "Bukti jelas"),
        ("Citra Lestari", False, "Ini rumah sakit"),
    ]
    assert (page.steps[0].action, page.steps[0].by, page.steps[0].to_status) == (
        "reject",
        "Citra Lestari",
        "open",
    )
    assert not Block.objects.exists()


def test_the_third_persons_no_sends_the_case_back_too(
    landline: Case, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    make.proposed(landline, by=budi, at=now)
    make.signed(landline, by=citra, at=now)
    proposal = make.decided_third(landline, by=agus, at=now, agrees=False)
    landline.refresh_from_db()
    assert (landline.status, proposal.state) == (Status.OPEN, Proposal.State.REJECTED)
    assert not Block.objects.exists()


def test_spoofing_of_a_landline_takes_two_as_it_cuts_nothing(
    landline: Case, budi: User, citra: User, now: dt.datetime
) -> None:
    assert not make.proposed(landline, by=budi, at=now, proposal_type=ProposalType.SPOOFED).needs_third
    make.signed(landline, by=citra, at=now)
    landline.refresh_from_db()
    assert landline.status == Status.SPOOFED


def test_a_lookalike_of_a_protected_number_takes_three(
    telkomsel: Operator, budi: User, now: dt.datetime
) -> None:
    number = make.number(telkomsel, at=now)
    _lookalike(number)
    case = services.open_or_join(number, report=make.report(), at=now)
    assert make.proposed(case, by=budi, at=now).third_because == "resembles_protected"


def test_a_number_whose_owner_objected_before_takes_three(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    case = make.make_case(telkomsel, at=now)
    services.record_objection(case, at=now)
    make.settled(case, by=agus, at=now + MINUTE, upheld=False, reason="Tidak terbukti")
    assert make.proposed(case, by=budi, at=now + 2 * MINUTE).third_because == "objected"
    make.signed(case, by=citra, at=now + 3 * MINUTE)
    case.refresh_from_db()
    assert case.status == Status.PROPOSED


def test_what_becomes_grave_while_it_waits_is_proposed_again(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    """Meanwhile a number is protected that this one resembles."""
    case = make.make_case(telkomsel, at=now)
    assert not make.proposed(case, by=budi, at=now).needs_third
    _lookalike(case.number)
    services.sync_lookalike_flags(at=now + MINUTE)
    with pytest.raises(WrongState) as refusal:
        make.signed(case, by=citra, at=now + MINUTE)
    assert refusal.value.code == "proposal_outdated"
    assert "retract" in case_page(case.pk, viewer=citra, at=now + MINUTE).may
    services.retract(case, by=citra, at=now + MINUTE, reason="Harus diusulkan lagi")
    assert make.proposed(case, by=citra, at=now + MINUTE).needs_third


@pytest.mark.parametrize(
    ("since", "today", "long"),
    [
        (None, "2026-11-18", False),
        ("2021-12-31", "2026-01-01", False),  # two calendar years apart, four in use
        ("2021-11-18", "2026-11-18", False),
        ("2021-11-17", "2026-11-18", True),
        ("2020-02-29", "2025-02-28", False),
        ("2020-02-29", "2025-03-01", True),
    ],
)
def test_five_years_are_counted_to_the_day_here_and_in_the_database(
    since: str | None, today: str, long: bool
) -> None:
    begun, day = since and dt.date.fromisoformat(since), dt.date.fromisoformat(today)
    assert long_in_use(begun or None, day) is long
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(%s::date + interval '5 years' < %s::date, false)", [begun, day])
        assert cursor.fetchone() == (long,)


CONFIRM = (
    "UPDATE cases_proposal SET state = 'confirmed', settled_at = proposed_at, second_at = proposed_at, {}"
)
SECOND = (
    "second_by_id = %(citra)s, second_digest = 'x', second_agrees = {0}, second_step_up_id = %(citra_{0})s, "
)
DISPUTE = (
    "UPDATE cases_proposal SET state = 'disputed', second_at = proposed_at, second_by_id = %(citra)s,"
    " second_digest = 'x', second_agrees = false, second_step_up_id = %(citra_false)s"
)
THIRD = (
    "third_by_id = %(agus)s, third_at = proposed_at, third_digest = 'x', third_agrees = {0},"
    " third_step_up_id = %(agus_{0})s"
)


def _proved(case: Case, at: dt.datetime, **signers: User) -> dict[str, int]:
    """The signers' ids, and the evidence of a step-up for each answer of theirs."""
    given = {name: signer.pk for name, signer in signers.items()}
    for name, signer in signers.items():
        for answer, act in (("true", AuditAction.CASE_AGREE), ("false", AuditAction.CASE_DISAGREE)):
            given[f"{name}_{answer}"] = record_step_up(
                step_up(signer, at), by=signer, act=act, subject=f"case:{case.pk}", at=at, digest="x"
            ).pk
        given[f"{name}_NULL"] = given[f"{name}_false"]
    return given


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        (CONFIRM.format(SECOND.format("true") + "reason = reason"), "three_agree_where_needed"),
        (CONFIRM.format(SECOND.format("false") + THIRD.format("true")), "three_agree_where_needed"),
        (CONFIRM.format(SECOND.format("true") + THIRD.format("false")), "three_agree_where_needed"),
        (CONFIRM.format(THIRD.format("true")), "three_agree_where_needed"),
        (CONFIRM.format(SECOND.format("NULL") + "reason = reason"), "confirmed_by_two_people"),
        (DISPUTE, "one_disagreement_ends_what_takes_three"),
        ("UPDATE cases_proposal SET needs_third = false", "what was proposed and signed never changes"),
    ],
)  # fmt: skip
def test_the_database_says_the_same(
    landline: Case, budi: User, citra: User, agus: User, now: dt.datetime, statement: str, refusal: str
) -> None:
    """Also with the evidence of every signer's step-up."""
    make.proposed(landline, by=budi, at=now)
    given = _proved(landline, now, citra=citra, agus=agus)
    with pytest.raises(IntegrityError, match=refusal), transaction.atomic(), as_administrator() as cursor:
        cursor.execute(statement, given)


@pytest.mark.parametrize(
    "fact",
    [
        "resembles_protected = true",
        "number_kind = 'landline'",
        "in_use_since = '2021-11-17'",
    ],
)
def test_the_database_asks_the_case_again_at_the_last_signature(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, fact: str
) -> None:
    """A proposal that claims two are enough, for a number of which the case knows better."""
    case = make.make_case(telkomsel, at=now)
    make.proposed(case, by=budi, at=now)
    with as_administrator() as cursor:
        cursor.execute(f"UPDATE cases_case SET {fact}")  # noqa: S608 - constants above
    given = _proved(case, now, citra=citra)
    with (
        pytest.raises(IntegrityError, match="takes three people"),
        transaction.atomic(),
        as_administrator() as cursor,
    ):
        cursor.execute(CONFIRM.format(SECOND.format("true") + "reason = reason"), given)
