"""What makes a list wait for people, and who may let it go."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.blocklists import stop_rules
from aduan.blocklists.models import BlockList, Canary, ListType
from aduan.blocklists.services import (
    agree_rules,
    build_list,
    build_missing,
    dry_run,
    lift_stop,
    propose_rules,
    publish_due,
    reject,
    resume_list,
    stop_publication,
)
from aduan.blocklists.stop_rules import Range
from aduan.cases import services as cases
from aduan.core.errors import Forbidden, Invalid
from aduan.operators.models import NumberRange, Operator
from tests.database import as_administrator
from tests.factories.accounts import past_triggers, person, step_up
from tests.factories.blocklists import NOVEMBER, OCTOBER, a_block, published
from tests.factories.cases import released
from tests.factories.numbers import a_protected_number

pytestmark = pytest.mark.django_db
State = BlockList.State


@pytest.fixture
def mira(db: None) -> User:
    return person("mira@aduan.example", "Mira Utami", Role.LIST_MANAGER)


def codes(block_list: BlockList | None) -> list[str]:
    assert block_list is not None
    return [reason["code"] for reason in block_list.stop_reasons]


@pytest.mark.parametrize(
    ("recent", "limit"),
    [([], 200), ([10, 20, 30], 200), ([100, 200, 300], 600), ([5000] * 6, 10_000), ([50] * 6 + [9000], 200)],
)
def test_additions_are_compared_with_the_last_six_lists(recent: list[int], limit: int) -> None:
    assert stop_rules.USUAL.additions(recent) == limit
    assert not stop_rules.by_size(count=9, added=limit, removed=0, previous_count=9, recent=recent)
    held = stop_rules.by_size(count=9, added=limit + 1, removed=0, previous_count=9, recent=recent)
    assert [reason.code for reason in held] == ["too_many_additions"]


@pytest.mark.parametrize(
    ("count", "removed", "expected"),
    [(0, 5, ["empty"]), (980, 20, []), (979, 21, ["shrunk"]), (9980, 20, []), (10_000, 200, [])],
)
def test_an_empty_or_shrunk_list_waits(count: int, removed: int, expected: list[str]) -> None:
    found = stop_rules.by_size(
        count=count, added=0, removed=removed, previous_count=count + removed, recent=[]
    )
    assert [reason.code for reason in found] == expected


def test_the_last_number_of_a_short_list_may_go_between_months() -> None:
    sizes: dict[str, Any] = {"count": 0, "added": 0, "previous_count": 20, "recent": []}
    assert stop_rules.by_size(**sizes, removed=20, may_be_empty=True) == []
    held = stop_rules.by_size(**{**sizes, "previous_count": 21}, removed=21, may_be_empty=True)
    assert [reason.code for reason in held] == ["shrunk"]


def test_one_crowded_prefix_block_waits(
    telkomsel: Operator, budi: User, citra: User, lina: User, mira: User, now: dt.datetime
) -> None:
    strict = stop_rules.Thresholds(prefix_block_limit=2)
    proposed = propose_rules(
        strict, cooling_off=dt.timedelta(0), reason="uji", by=lina, step_up=step_up(lina, now), at=now
    )
    agree_rules(proposed, by=mira, step_up=step_up(mira, now), at=now)
    for number in range(3):
        a_block(telkomsel, by=(budi, citra), at=now, digits=6281234560000 + number)
    held = build_list(telkomsel, period=OCTOBER, kind=ListType.MONTHLY, at=now)
    assert codes(held) == ["prefix_block"]


def test_two_named_people_release_a_hold(
    telkomsel: Operator, budi: User, citra: User, lina: User, mira: User, now: dt.datetime
) -> None:
    a_block(telkomsel, by=(budi, citra), at=now, digits=6281500000007)
    held = build_list(telkomsel, period=OCTOBER, kind=ListType.MONTHLY, at=now)
    assert held is not None
    assert codes(held) == ["unassigned"]
    assert publish_due(at=now) == []
    with pytest.raises(Forbidden):
        resume_list(held, by=budi, step_up=step_up(budi, now), at=now)
    resume_list(held, by=lina, step_up=step_up(lina, now), at=now)
    with pytest.raises(Forbidden, match="same_person"):
        resume_list(held, by=lina, step_up=step_up(lina, now), at=now)
    assert publish_due(at=now) == []
    resume_list(held, by=mira, step_up=step_up(mira, now), at=now)
    assert [block_list.pk for block_list in publish_due(at=now)] == [held.pk]


def test_a_number_in_another_persons_range_waits_and_is_named(
    telkomsel: Operator, indosat: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    a_block(telkomsel, by=(budi, citra), at=now, digits=6281500000009)
    held = build_list(telkomsel, period=OCTOBER, kind=ListType.MONTHLY, at=now)
    assert held is not None
    assert held.stop_reasons[0]["code"] == "wrong_operator"
    assert held.stop_reasons[0]["numbers"] == ["6281500000009"]


@pytest.mark.parametrize("pattern", ["+6281234567890", "62812345*"])
def test_a_protected_number_can_not_be_released(
    telkomsel: Operator, budi: User, citra: User, lina: User, now: dt.datetime, pattern: str
) -> None:
    """The list's own guard, behind the database that protects no blocked number without two people."""
    a_block(telkomsel, by=(budi, citra), at=now, digits=6281234567890)
    with as_administrator() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
        a_protected_number(pattern)
        cursor.execute("SET session_replication_role = DEFAULT")
    held = build_list(telkomsel, period=OCTOBER, kind=ListType.MONTHLY, at=now)
    assert held is not None
    assert codes(held) == ["protected"]
    assert held.stop_reasons[0]["numbers"] == ["6281234567890"]
    with pytest.raises(Invalid, match="not_resumable"):
        resume_list(held, by=lina, step_up=step_up(lina, now), at=now)


def test_a_block_that_was_slipped_in_without_two_people_is_found(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now, digits=6281200000005)
    with as_administrator() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
        cursor.execute("UPDATE cases_proposal SET state = 'pending' WHERE id = %s", [block.proposal_id])
        cursor.execute("SET session_replication_role = DEFAULT")
    held = build_list(telkomsel, period=OCTOBER, kind=ListType.MONTHLY, at=now)
    assert codes(held) == ["not_two_people"]


def test_a_confirmation_by_one_person_is_found_even_where_the_table_no_longer_refuses_it(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now, digits=6281200000005)
    with as_administrator() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET session_replication_role = replica")
        cursor.execute("ALTER TABLE cases_proposal DROP CONSTRAINT confirmed_by_two_people")
        cursor.execute("UPDATE cases_proposal SET second_agrees = NULL WHERE id = %s", [block.proposal_id])
        cursor.execute("SET session_replication_role = DEFAULT")
    held = build_list(telkomsel, period=OCTOBER, kind=ListType.MONTHLY, at=now)
    assert codes(held) == ["not_two_people"]


def test_two_people_are_asked_for_without_reading_every_proposal(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    a_block(telkomsel, by=(budi, citra), at=now)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
    with CaptureQueriesContext(connection) as asked:
        build_list(telkomsel, period=OCTOBER, kind=ListType.MONTHLY, at=now)
    question = next(one["sql"] for one in asked if "WITH unsigned" in one["sql"])
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + question)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "proposal_unsigned" in plan


def test_an_open_objection_waits(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now)
    cases.record_objection(block.case, at=now)
    assert codes(build_list(telkomsel, period=OCTOBER, kind=ListType.MONTHLY, at=now)) == ["objection"]


def test_a_rejected_list_is_made_again_as_the_next_version(
    telkomsel: Operator, budi: User, citra: User, lina: User, now: dt.datetime
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now)
    cases.record_objection(block.case, at=now)
    held = build_list(telkomsel, period=OCTOBER, kind=ListType.MONTHLY, at=now)
    assert held is not None
    reject(held, by=lina, step_up=step_up(lina, now), at=now, reason="keberatan belum dijawab")
    again = build_list(telkomsel, period=OCTOBER, kind=ListType.MONTHLY, at=now)
    assert again is not None
    assert (again.version, again.sequence) == (2, 1)


def test_the_kill_switch_stops_additions_and_never_removals(
    telkomsel: Operator, budi: User, citra: User, agus: User, lina: User, mira: User, now: dt.datetime
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now)
    a_block(telkomsel, by=(budi, citra), at=now)
    published(telkomsel, at=now)
    stop = stop_publication(by=lina, at=now, reason="sengketa")
    a_block(telkomsel, by=(budi, citra), at=now)
    waiting = build_list(telkomsel, period=NOVEMBER, kind=ListType.MONTHLY, at=now)
    assert waiting is not None
    assert publish_due(at=now) == []
    released(block.case, by=agus, at=now)
    removal = build_list(telkomsel, period=NOVEMBER, kind=ListType.INTERIM, at=now, only_removals=True)
    assert publish_due(at=now) == [removal]
    with pytest.raises(Forbidden, match="same_person"):
        lift_stop(stop, by=lina, step_up=step_up(lina, now), at=now)
    lift_stop(stop, by=mira, step_up=step_up(mira, now), at=now)
    later = publish_due(at=now)
    assert [(one.kind, one.count, one.added_count) for one in later] == [("monthly", 2, 1)]
    waiting.refresh_from_db()
    assert waiting.rejected_reason == "superseded"


def test_a_list_cools_off_before_it_is_published(
    telkomsel: Operator, budi: User, citra: User, now: dt.datetime, settings
) -> None:
    settings.PUBLICATION_DELAY = dt.timedelta(hours=4)
    a_block(telkomsel, by=(budi, citra), at=now)
    (built,) = build_missing(at=now)
    assert built.state == State.AWAITING_PUBLICATION
    assert publish_due(at=now + dt.timedelta(hours=3, minutes=59)) == []
    assert publish_due(at=now + dt.timedelta(hours=4)) == [built]


def test_a_dry_run_shows_the_list_and_writes_nothing(
    telkomsel: Operator, indosat: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now)
    seen = dry_run(telkomsel, period=OCTOBER, kind=ListType.MONTHLY, at=now)
    assert (seen.count, seen.added, seen.removed, seen.first_added) == (1, 1, 0, [block.digits])
    assert not BlockList.objects.exists()
    assert published(telkomsel, at=now).version == 1


def test_a_canary_is_on_one_list_only_and_never_in_an_assigned_range(
    telkomsel: Operator, indosat: Operator, budi: User, citra: User, lina: User, now: dt.datetime
) -> None:
    a_block(telkomsel, by=(budi, citra), at=now)
    a_block(indosat, by=(budi, citra), at=now, digits=6281500000001)
    with past_triggers():
        canary = Canary.objects.create(
            operator=telkomsel, digits=6284000000001,
            since=now.date(), until=now.date() + dt.timedelta(days=90),
            category="HADIAH", case_id=4711, created_by=lina, created_at=now,
        )  # fmt: skip
    assert canary.digits in numbers_of(published(telkomsel, at=now))
    assert canary.digits not in numbers_of(published(indosat, at=now))
    with past_triggers():
        Canary.objects.filter(pk=canary.pk).update(digits=6281100000001)
    held = build_list(telkomsel, period=NOVEMBER, kind=ListType.MONTHLY, at=now)
    assert "canary_assigned" in codes(held)


def numbers_of(block_list: BlockList) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT digits FROM blocklists_blocklistentry WHERE list_id = %s", [block_list.pk])
        return [row[0] for row in cursor.fetchall()]


def test_the_longest_prefix_holds_a_number() -> None:
    plan = stop_rules.plan_of(
        [Range("62851", 1), Range("628515", 2), Range("62852", 1), Range("62860", None)]
    )
    assert plan.holders == [None, 1, 2, 1, 1, None, None, None]
    assert NumberRange.objects.count() == 0
