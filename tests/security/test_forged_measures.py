"""What SQL as the application's role can cut or free alone: nothing, whatever rows it writes.

On 13789aed a block ended by a date in the future, by an answer that no operator gave, by a number sent over
no one back to its first operator, as an urgent one "stopped" weeks later, and by an objection that no one
made; a released number was blocked again and another in its place; a stopped list lost its reasons, a list
that SQL filled was complete; a hold ended; the kill switch was lifted. Run there: 25 of 27 fail.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import Error, connection
from django.db.backends.postgresql.psycopg_any import DateRange

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.accounts.step_up import application_mac
from aduan.blocklists.models import BlockList, ListType, PublicationStop
from aduan.blocklists.services import build_list, lift_stop, reject, stop_publication
from aduan.cases import services
from aduan.cases.models import Block, Case, TemporaryLift
from aduan.numbers.models import PhoneNumber
from aduan.operators.models import NumberRange, Operator
from tests.factories import cases as make
from tests.factories.accounts import past_triggers, person, step_up
from tests.factories.blocklists import OCTOBER, a_block
from tests.factories.holds import held, hold_rules
from tests.factories.operators import a_range
from tests.security.injection import run_sql

pytestmark = pytest.mark.django_db
ANSWER = """
    INSERT INTO cases_caseevent (case_id, action, from_status, to_status, created_at, reason, system_reason,
        detail)
    SELECT case_id, 'answer', 'confirmed', 'confirmed', confirmed_at, '', '', '{"answer": "recycled"}'
    FROM cases_block"""
ENDS = {
    "expired": "released_at = valid_until + interval '1 day', released_on = valid_until",
    "recycled": "released_at = confirmed_at, released_on = valid_from",
    "stopped": "released_at = confirmed_at + interval '1 s', released_on = valid_from,"
    " released_by_id = (SELECT proposed_by_id FROM cases_proposal)",
}


@pytest.fixture
def block(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> Block:
    return a_block(telkomsel, by=(budi, citra), at=now)


@pytest.fixture
def objected(block: Block, telkomsel: Operator, now: dt.datetime) -> BlockList:
    """A list that waits for two list managers."""
    services.record_objection(block.case, at=now)
    made = build_list(telkomsel, period=OCTOBER, kind=ListType.MONTHLY, at=now)
    assert made is not None
    return made


def _refused(statement: str, why: str, **given: object) -> None:
    with pytest.raises(Error, match=why):
        run_sql(statement, **given)


@pytest.mark.parametrize("reason", sorted(ENDS))
def test_no_block_ends_on_grounds_that_sql_wrote(block: Block, reason: str) -> None:
    run_sql(ANSWER)
    _refused(
        f"UPDATE cases_block SET {ENDS[reason]}, release_reason = '{reason}'",  # noqa: S608 - texts above
        "two people signed",
    )


@pytest.mark.parametrize("other", ["block", "reason", "time", "person"])
def test_the_code_of_one_release_ends_no_other(
    block: Block, budi: User, now: dt.datetime, other: str
) -> None:
    run_sql(ANSWER)
    later = now + dt.timedelta(days=1)
    mac = application_mac(
        "release",
        block.pk + (other == "block"),
        "expired" if other == "reason" else "recycled",
        later if other == "time" else now,
        budi.pk if other == "person" else None,
    )
    statement = """UPDATE cases_block SET released_at = %(at)s, released_on = valid_from,
        release_reason = 'recycled', release_mac = %(mac)s"""
    _refused(statement, "two people signed", at=now, mac=mac)


def test_no_blocked_number_goes_back_to_who_held_it_before_by_way_of_no_one(
    block: Block, indosat: Operator
) -> None:
    prefix = str(block.digits)[:5]
    with past_triggers():
        NumberRange.objects.filter(prefix=prefix).update(valid=DateRange(dt.date(2020, 1, 1), None))
        a_range(prefix, indosat, until=dt.date(2020, 1, 1))
    run_sql("UPDATE numbers_phonenumber SET operator_id = NULL")
    _refused("UPDATE numbers_phonenumber SET operator_id = %(by)s", "follows the register", by=indosat.pk)


def test_no_measure_is_lifted_for_an_objection_that_sql_wrote(block: Block, now: dt.datetime) -> None:
    run_sql("UPDATE cases_case SET objection_since = %(at)s", at=now)
    lift = """INSERT INTO cases_temporarylift (case_id, block_id, lifted_at, outcome)
        SELECT case_id, id, confirmed_at, '' FROM cases_block"""
    _refused(lift, "without the proof of its owner")


def test_no_lifted_measure_comes_back_because_its_lift_was_ended(block: Block, now: dt.datetime) -> None:
    services.record_objection(block.case, at=now)
    services.lift_temporarily(block.case, at=now)
    _refused("UPDATE cases_temporarylift SET ended_at = lifted_at, outcome = 'freed'", "was not ended")
    assert TemporaryLift.objects.get().ended_at is None


def test_no_hold_ends_by_sql(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> None:
    hold_rules()
    held(telkomsel, first=budi, second=citra, at=now)
    for reason in ("lapsed", "not_needed"):
        _refused("UPDATE cases_hold SET ended_at = ends_at, end_reason = %(end)s", "no one ended", end=reason)


AGAIN = """
    INSERT INTO core_auditlogentry (at, actor, action, subject, detail)
    SELECT %(at)s, 'system', 'case.route', 'case:' || %(case)s, jsonb_build_object('proposal', %(proposal)s);
    INSERT INTO cases_block (case_id, proposal_id, number_id, operator_id, digits, requested_action, category,
        valid_from, valid_until, urgent, confirmed_at, release_reason)
    VALUES (%(case)s, %(proposal)s, %(number)s, %(operator)s, %(digits)s, 'block', 'judol',
        %(since)s, %(until)s, false, %(at)s, '')"""


def _again(block: Block, why: str, **other: object) -> None:
    given = {
        "case": block.case_id, "proposal": block.proposal_id, "number": block.number_id,
        "operator": block.operator_id, "digits": block.digits, "at": block.confirmed_at,
        "since": block.valid_from + dt.timedelta(days=1), "until": block.valid_until,
    }  # fmt: skip
    _refused(AGAIN, why, **given | other)


def test_a_number_that_was_released_is_not_blocked_again_by_its_old_signatures(
    block: Block, budi: User, now: dt.datetime
) -> None:
    make.released(block.case, by=person("eka@aduan.example", "Eka", Role.REVIEWER), at=now)
    _again(block, "what two people confirmed, once")


@pytest.fixture
def unrouted(telkomsel: Operator, block: Block) -> Block:
    """As if the decision's block were still to be written: a number that had no operator then."""
    with past_triggers(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM cases_block")
    return block


@pytest.mark.parametrize(
    "other", [{"digits": 6281299999999}, {"until": dt.date(2040, 1, 1)}, {"operator": "another"}]
)
def test_signatures_for_one_number_cut_no_other_and_for_no_longer(
    unrouted: Block, indosat: Operator, other: dict[str, object]
) -> None:
    if "operator" in other:
        other = {"operator": indosat.pk}
    _again(unrouted, "what two people confirmed, once", **other)


def test_a_confirmed_case_never_turns_to_another_number(
    block: Block, telkomsel: Operator, now: dt.datetime
) -> None:
    other = make.number(telkomsel, at=now)
    _refused("UPDATE cases_case SET number_id = %(other)s", "never changes its number", other=other.pk)
    assert Case.objects.get().number_id == block.number_id
    assert PhoneNumber.objects.count() == 2


@pytest.mark.parametrize("change", ["state = 'awaiting'", "stop_reasons = '[]'", "state = 'published'"])
def test_no_stopped_list_goes_on_by_sql(objected: BlockList, change: str) -> None:
    _refused(f"UPDATE blocklists_blocklist SET {change}", "by_two|Cannot update")  # noqa: S608 - texts above


def test_a_rejected_list_stays_rejected(objected: BlockList, lina: User, now: dt.datetime) -> None:
    reject(objected, by=lina, step_up=step_up(lina, now), at=now, reason="keberatan")
    _refused("UPDATE blocklists_blocklist SET state = 'stopped'", "Cannot update")


BEGUN = """
    INSERT INTO blocklists_blocklist (operator_id, period, kind, series, version, sequence, state, as_of,
        watermark, count, added_count, removed_count, digest, manifest, stop_reasons, rejected_reason,
        rejected_note)
    VALUES (%(operator)s, '2026-10-01', 'monthly', 'block', 1, 1, %(state)s, %(at)s, '', 1, 1, 0, %(digest)s,
        '{}', '[]', '', '')"""


@pytest.mark.parametrize(("state", "digest"), [("awaiting", ""), ("building", "a" * 64), ("published", "")])
def test_no_list_begins_complete(telkomsel: Operator, now: dt.datetime, state: str, digest: str) -> None:
    _refused(BEGUN, "was not built", operator=telkomsel.pk, at=now, state=state, digest=digest)


@pytest.mark.parametrize("change", ["digest = repeat('a', 64)", "state = 'awaiting'"])
def test_a_list_that_sql_fills_is_never_complete(telkomsel: Operator, now: dt.datetime, change: str) -> None:
    run_sql(BEGUN, operator=telkomsel.pk, at=now, state="building", digest="")
    made = BlockList.objects.get()
    run_sql(f"SELECT blocklists_make_partition({made.pk})")
    run_sql(
        f"""INSERT INTO blocklists_blocklistentry_{made.pk}
            (list_id, digits, since, until, category, case_id, is_new)
            VALUES ({made.pk}, 6281299999999, '2026-11-18', '2027-11-18', 'judol', 1, true)"""  # noqa: S608
    )
    run_sql(f"SELECT blocklists_seal_partition({made.pk}), blocklists_attach_partition({made.pk})")
    _refused(f"UPDATE blocklists_blocklist SET {change}", "was not built")  # noqa: S608 - texts above


def test_sql_does_not_let_publication_run_again(lina: User, now: dt.datetime) -> None:
    """The kill switch is one person's on purpose; who lifts it is another, with a proof of who they are."""
    stop = stop_publication(by=lina, at=now, reason="uji")
    mira = person("mira@aduan.example", "Mira", Role.LIST_MANAGER)
    lifted = "UPDATE blocklists_publicationstop SET lifted_at = %(at)s, lifted_by_id = %(by)s"
    for by in (lina, mira):
        _refused(lifted, "second list manager", by=by.pk, at=now)
    _refused(
        """INSERT INTO blocklists_publicationstop (reason, stopped_by_id, stopped_at, lifted_by_id, lifted_at)
           SELECT reason, stopped_by_id, stopped_at, %(by)s, %(at)s FROM blocklists_publicationstop""",
        "second list manager",
        by=mira.pk,
        at=now,
    )
    lift_stop(stop, by=mira, step_up=step_up(mira, now), at=now)
    _refused(lifted, "second list manager", by=mira.pk, at=now)
    assert PublicationStop.objects.get().lifted_by == mira


def test_no_law_is_changed_by_the_applications_role(injected: None) -> None:
    _refused("UPDATE operators_legalreference SET valid = daterange('2000-01-01', NULL)", "permission denied")
