"""Hold lists: what stands on them, who signs them, and that the client follows within one run."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange

from aduan.accounts.models import User
from aduan.blocklists import queries
from aduan.blocklists.models import BlockList, ListSeries, SignatureRequest
from aduan.blocklists.services import (
    build_holds,
    build_interims,
    build_removals,
    end_finished_holds,
    keys,
    renew,
    write_versions,
)
from aduan.blocklists.tuf_metadata import TARGETS
from aduan.cases import services as cases
from aduan.cases.models import Block, Hold
from aduan.cases.services import end_hold
from aduan.notifications.models import OutboxMessage
from aduan.operators.models import Operator
from tests.aduan.blocklists.served import META, Receiver, client, everything, serving
from tests.database import as_administrator
from tests.factories import cases as make
from tests.factories import holds
from tests.factories.blocklists import a_block, published

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_keys")]
MINUTE, HOUR, DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)


@pytest.fixture
def today() -> dt.datetime:
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


@pytest.fixture
def hold(telkomsel: Operator, budi: User, citra: User, today: dt.datetime) -> Hold:
    holds.hold_rules()
    return holds.held(telkomsel, first=budi, second=citra, at=today - MINUTE)


def newest(operator: Operator) -> BlockList:
    found = queries.latest(operator, ListSeries.HOLD)
    assert found is not None
    return found


def test_without_rules_of_holds_there_is_no_list_of_them(telkomsel: Operator, today: dt.datetime) -> None:
    assert build_holds(at=today) == []
    holds.hold_rules()
    first = build_holds(at=today)
    assert [(one.series, one.state, one.count) for one in first] == [("hold", "published", 0)]
    assert build_holds(at=today) == [], "nothing changed"


def test_a_hold_is_on_a_signed_list_and_its_end_stands_there_to_the_second(
    telkomsel: Operator, indosat: Operator, hold: Hold, today: dt.datetime
) -> None:
    made = build_holds(at=today)
    assert {(one.operator.code, one.state, one.count) for one in made} == {
        ("telkomsel", "published", 1),
        ("indosat", "published", 0),
    }
    assert hold.ends_at is not None
    [row] = everything(telkomsel)[csv_of(telkomsel)].decode().splitlines()[1:]
    assert row.split(",")[:2] == [str(hold.digits), "hold"]
    assert row.endswith(hold.ends_at.strftime(",%Y-%m-%dT%H:%M:%SZ"))


def csv_of(operator: Operator) -> str:
    """The path of the newest list's table."""
    one = newest(operator)
    [file] = [file for file in queries.files_of(one) if file.name == "block.csv"]
    return f"tuf/targets/{one.folder}/{file.sha256}.block.csv"


def test_a_client_holds_what_two_people_signed_and_lets_go_what_one_of_them_ended(
    telkomsel: Operator, hold: Hold, budi: User, today: dt.datetime, tmp_path: Path
) -> None:
    build_holds(at=today)
    answers = everything(telkomsel)
    receiver = Receiver(tmp_path / "op", "telkomsel", answers[META + "1.root.json"])
    with serving(answers) as server:
        assert receiver.fetch(server.url, "--series", "hold") == client.OK, receiver.said
        assert receiver.blocked == [str(hold.digits)]
        end_hold(hold, by=budi, at=today, mistake=True)
        [removal] = build_holds(at=today)
        assert (removal.added_count, removal.removed_count, removal.state) == (0, 1, "published")
        server.answers = everything(telkomsel)
        assert receiver.fetch(server.url, "--series", "hold") == client.OK, receiver.said
        assert receiver.blocked == []


def test_a_hold_that_came_to_its_hour_leaves_the_list_before_any_job_wrote_its_end(
    telkomsel: Operator, hold: Hold
) -> None:
    assert hold.ends_at is not None
    build_holds(at=hold.ends_at - HOUR)
    assert newest(telkomsel).count == 1
    [gone] = build_holds(at=hold.ends_at)
    assert (gone.count, gone.removed_count) == (0, 1)
    assert end_finished_holds(at=hold.ends_at) == 1
    hold.refresh_from_db()
    assert (hold.end_reason, hold.ended_at) == ("lapsed", hold.ends_at)


def test_what_ends_goes_out_alone_and_first(
    telkomsel: Operator, hold: Hold, budi: User, citra: User, today: dt.datetime
) -> None:
    build_holds(at=today)
    end_hold(hold, by=citra, at=today, mistake=False)
    holds.held(telkomsel, first=budi, second=citra, at=today)
    made = build_holds(at=today)
    assert [(one.added_count, one.removed_count) for one in made] == [(0, 1), (1, 0)]
    assert [one.sequence for one in made] == [2, 3]


def test_lists_never_hold_longer_or_more_than_key_holders_have_signed_for(
    telkomsel: Operator, hold: Hold, budi: User, citra: User, today: dt.datetime, tmp_path: Path
) -> None:
    build_holds(at=today)
    away = tmp_path / "holders"
    away.mkdir()
    for number in (1, 2, 3):
        keys.path_of(TARGETS, number).rename(away / f"targets-{number}.pem")
    with as_administrator():
        type(hold.policy).objects.update(hours=14 * 24, list_ceiling=2000)
    renew(at=today)
    assert SignatureRequest.objects.filter(role=TARGETS, closed_at=None).exists(), "holders are asked"
    assert queries.accepted_holds(at=today) == (168, 1000)
    longer = holds.held(telkomsel, first=budi, second=citra, at=today)
    assert longer.ends_at is not None
    assert longer.ends_at - today == 14 * DAY
    build_holds(at=today)
    body = everything(telkomsel)[csv_of(telkomsel)].decode()
    assert f"{(today + 7 * DAY):%Y-%m-%dT%H:%M:%SZ}" in body
    assert f"{longer.ends_at:%Y-%m-%dT%H:%M:%SZ}" not in body
    for path in away.iterdir():
        path.rename(keys.folder() / path.name)
    renew(at=today)
    assert queries.accepted_holds(at=today) == (14 * 24, 2000)


def test_of_more_holds_than_clients_accept_the_first_ones_are_on_the_list(
    telkomsel: Operator, budi: User, citra: User, today: dt.datetime
) -> None:
    holds.hold_rules(list_ceiling=2)
    made = [holds.held(telkomsel, first=budi, second=citra, at=today - turn * MINUTE) for turn in (3, 2, 1)]
    build_holds(at=today)
    body = everything(telkomsel)[csv_of(telkomsel)].decode()
    assert [str(one.digits) in body for one in made] == [True, True, False]


def test_rules_that_ended_leave_their_limits_so_that_no_holder_signs_for_nothing(
    telkomsel: Operator, today: dt.datetime
) -> None:
    holds.hold_rules(hours=24, valid=DateRange(dt.date(2020, 1, 1), dt.date(2021, 1, 1)))
    assert queries.hold_limits(at=today).longest_hours == 24
    holds.hold_rules(hours=48, valid=DateRange(dt.date(2021, 1, 1), None))
    assert queries.hold_limits(at=today).longest_hours == 48


def test_a_hold_that_became_a_block_stays_until_the_operator_has_the_list_with_it(
    telkomsel: Operator, hold: Hold, budi: User, citra: User, today: dt.datetime
) -> None:
    build_holds(at=today)
    make.proposed(hold.case, by=budi, at=today)
    make.signed(hold.case, by=citra, at=today)
    assert Block.objects.filter(case=hold.case).exists()
    assert build_holds(at=today) == [], "the number must not work between decision and list"
    published(telkomsel, at=today)
    assert end_finished_holds(at=today + DAY) == 0, "an urgent block waits two minutes before a list has it"
    [listed] = build_interims(at=today + 3 * MINUTE)
    assert (listed.state, listed.added_count) == ("published", 1)
    assert end_finished_holds(at=today + HOUR) == 0, "no one fetched it"
    assert end_finished_holds(at=today + DAY + HOUR) == 1
    hold.refresh_from_db()
    assert hold.end_reason == "blocked"
    [gone] = build_holds(at=today + DAY + HOUR)
    assert (gone.count, gone.removed_count) == (0, 1)


def test_a_released_block_leaves_its_list_by_the_loop_alone(
    telkomsel: Operator, budi: User, citra: User, agus: User, today: dt.datetime
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=today)
    published(telkomsel, at=today)
    assert build_removals(at=today) == []
    write_versions(at=today)
    assert write_versions(at=today) == []
    make.released(block.case, by=agus, at=today)
    [removal] = build_removals(at=today)
    assert (removal.kind, removal.added_count, removal.removed_count) == ("interim", 0, 1)
    assert build_removals(at=today) == []
    assert build_interims(at=today) == []
    assert write_versions(at=today) == ["telkomsel"], "who waits learns that there is something new"


def test_protection_of_a_number_reaches_the_hold_list_at_once(
    telkomsel: Operator, hold: Hold, lina: User, today: dt.datetime
) -> None:
    build_holds(at=today)
    cases.protect_number(
        hold.case.number_text,
        owner="Bank",
        kind="bank",
        source="surat",
        reason="Nomor bank",
        by=lina,
        at=today,
    )
    [gone] = build_holds(at=today)
    assert (gone.count, gone.removed_count, gone.state) == (0, 1, "published")


def test_people_get_one_letter_a_day_about_holds_and_machines_hear_of_each_list(
    telkomsel: Operator, dewi: User, budi: User, citra: User, today: dt.datetime
) -> None:
    holds.hold_rules()
    morning = today.replace(hour=3, minute=0)  # ten o'clock in Jakarta
    assert build_holds(at=morning), "an empty list"
    letters = OutboxMessage.objects.filter(kind="operator_list_published", key__contains="holds:")
    assert letters.count() == 0, "about nothing"
    for turn in range(3):
        at = morning + turn * MINUTE
        holds.held(telkomsel, first=budi, second=citra, at=at)
        build_holds(at=at)
    assert newest(telkomsel).sequence == 4
    assert letters.count() == 1
    holds.held(telkomsel, first=budi, second=citra, at=morning + DAY)
    build_holds(at=morning + DAY)
    assert letters.count() == 2
