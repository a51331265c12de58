"""The number that changed hands: asked of its operator within quotas, released, and never by a lie alone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest

from aduan.accounts.models import User
from aduan.blocklists.stop_rules import Thresholds
from aduan.cases.models import Case, CaseNotice, RecycledNotice
from aduan.cases.queries import waiting_recycled
from aduan.core.errors import WrongState
from aduan.operators.models import Operator
from aduan.recycling import camara, services
from aduan.recycling.camara import CamaraNumberRecycling, Unanswered
from aduan.recycling.models import RecyclingCheck
from aduan.recycling.services import check_numbers, configured_interfaces
from portal.tasks.schedule import TIMETABLE
from tests.factories import cases as make
from tests.factories import holds
from tests.factories.camara_server import CamaraServer, camara_server

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
SINCE = dt.date(2026, 11, 1)


@pytest.fixture
def server() -> Iterator[CamaraServer]:
    with camara_server() as running:
        yield running


@pytest.fixture
def asking(server: CamaraServer, settings) -> CamaraServer:
    settings.RECYCLING_APIS = {"telkomsel": server.options}
    return server


def digits(case: Case) -> int:
    return int(case.number_text.removeprefix("+"))


def run(at: dt.datetime) -> int:
    return check_numbers(configured_interfaces(), at=at)


@pytest.fixture
def blocked(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> list[Case]:
    return [make.confirmed(telkomsel, first=budi, second=citra, at=now) for _turn in range(7)]


def test_the_client_asks_with_a_token_and_reads_the_answer(server):
    server.changed = {6281234567890}
    client = CamaraNumberRecycling(server.options)
    assert client.has_changed(6281234567890, since=SINCE) is True
    assert client.has_changed(6281234567891, since=SINCE) is False
    assert server.asked[0] == {"phoneNumber": "+6281234567890", "specifiedDate": "2026-11-01"}
    assert server.tokens == 1  # kept while it is good


def test_a_token_that_was_withdrawn_is_asked_for_again(server):
    client = CamaraNumberRecycling(server.options)
    server.mood = "401"
    assert client.has_changed(6281234567890, since=SINCE) is False
    assert server.tokens == 2


@pytest.mark.parametrize(
    ("mood", "code"), [("422", "not_supported"), ("503", "status_503"), ("nonsense", "unreadable")]
)
def test_what_is_no_answer_is_never_taken_for_one(server, mood, code):
    server.mood = mood
    with pytest.raises(Unanswered) as error:
        CamaraNumberRecycling(server.options).has_changed(6281234567890, since=SINCE)
    assert error.value.code == code


@pytest.mark.parametrize(
    "answer",
    [
        {"access_token": "token\r\nX-Other: 1", "expires_in": 60},
        {"access_token": "tokén—1", "expires_in": 60},
        {"access_token": "", "expires_in": 60},
        {"access_token": "token-1", "expires_in": "soon"},
    ],
)
def test_a_token_that_is_none_is_no_answer(server, answer):
    """A line break in it ended the whole run, and no other operator was asked."""
    server.token = answer
    with pytest.raises(Unanswered) as error:
        CamaraNumberRecycling(server.options).has_changed(6281234567890, since=SINCE)
    assert error.value.code == "no_token"


def test_a_token_for_ever_is_kept_for_a_day(server):
    server.token = {"access_token": "token-1", "expires_in": 10**400}
    assert CamaraNumberRecycling(server.options).has_changed(6281234567890, since=SINCE) is False


def test_a_secret_that_cannot_be_read_is_no_answer(server, tmp_path):
    options = {**server.options, "secret_file": str(tmp_path / "gone")}
    with pytest.raises(Unanswered) as error:
        CamaraNumberRecycling(options).has_changed(6281234567890, since=SINCE)
    assert error.value.code == "no_secret"


def test_a_slow_interface_is_left(server, monkeypatch):
    monkeypatch.setattr(camara, "STEP_SECONDS", 0.2)
    server.mood = "slow"
    with pytest.raises(Unanswered) as error:
        CamaraNumberRecycling(server.options).has_changed(6281234567890, since=SINCE)
    assert error.value.code == "timeout"


def test_nothing_is_sent_in_clear_to_another_machine():
    options = {"url": "http://operator.example/v1", "token_url": "http://operator.example/t"}
    with pytest.raises(Unanswered) as error:
        CamaraNumberRecycling({**options, "client_id": "a", "secret": "b"}).has_changed(62812, since=SINCE)
    assert error.value.code == "not_https"


def test_a_blocked_number_with_a_new_holder_is_released(asking, blocked, now):
    asking.changed = {digits(blocked[0])}
    assert run(now + HOUR) == 1
    blocked[0].refresh_from_db()
    assert blocked[0].status == "released"
    assert blocked[0].blocks.get().release_reason == "recycled"
    assert RecycledNotice.objects.get().source == "interface"
    assert Case.objects.filter(status="confirmed").count() == 6


def test_an_answer_is_heeded_though_the_run_that_asked_was_ended(asking, blocked, now, monkeypatch):
    """The number was not asked about again that day: its new holder stayed cut off until the next."""
    asking.changed = {digits(blocked[0]), digits(blocked[1])}

    def killed(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as kill:
        kill.setattr(services, "take_recycled", killed)
        with pytest.raises(KeyboardInterrupt):
            run(now + HOUR)
    assert not Case.objects.filter(status="released").exists()
    assert run(now + HOUR + dt.timedelta(minutes=1)) == 2
    assert Case.objects.filter(status="released").count() == 2
    assert run(now + HOUR + dt.timedelta(minutes=2)) == 0, "heeded once"
    assert len(asking.asked) == 7


def test_each_number_is_asked_once_a_day_within_the_quota(asking, blocked, now, settings):
    settings.RECYCLING_APIS = {"telkomsel": {**asking.options, "daily_quota": 4}}
    run(now + HOUR)
    run(now + 2 * HOUR)
    assert len(asking.asked) == 4
    run(now + DAY)
    first, second = asking.asked[:4], asking.asked[4:]
    assert len(second) == 4
    asked_before = {one["phoneNumber"] for one in first}
    assert len({one["phoneNumber"] for one in second} - asked_before) == 3  # who was not asked comes first


def test_a_block_signed_before_the_interface_was_asked_is_asked_about_before_a_list_has_it(
    asking, blocked, telkomsel, budi, citra, now, settings
):
    """docs/adr/0026: what two people signed within a minute comes before what was asked about already."""
    run(now + HOUR)
    asking.asked = []
    settings.RECYCLING_APIS = {"telkomsel": {**asking.options, "daily_quota": 1}}
    signed = make.confirmed(telkomsel, first=budi, second=citra, at=now + DAY)
    asking.changed = {digits(signed)}
    assert run(now + DAY + dt.timedelta(minutes=6)) == 1, "a minute after the second signature"
    assert [one["phoneNumber"] for one in asking.asked] == [signed.number_text]
    every = TIMETABLE["check_recycling"]["schedule"]
    assert isinstance(every, float)
    assert every < Thresholds().urgent_delay_seconds
    signed.refresh_from_db()
    assert signed.status == "released"


def test_an_interface_that_lies_frees_no_more_than_the_ceiling(asking, blocked, now):
    asking.mood = "lying"
    run(now + HOUR)
    assert not Case.objects.filter(status="released").exists()  # seven at once wait as a whole
    assert len(waiting_recycled()) == 7


def test_an_interface_that_does_not_answer_is_left_after_three(asking, blocked, now):
    asking.mood = "503"
    assert run(now + HOUR) == 0
    assert list(RecyclingCheck.objects.values_list("error", flat=True)) == ["status_503"] * 3
    assert not Case.objects.filter(status="released").exists()


def test_after_an_outage_the_same_numbers_are_asked_again_the_same_day(asking, blocked, now):
    """Before, an hour without the interface used the quota up, and whom it had failed waited for a day."""
    asking.mood = "503"
    for minute in range(9):
        run(now + HOUR + dt.timedelta(minutes=minute))
    assert RecyclingCheck.objects.count() == 3
    asking.mood, asking.asked = "", []
    asking.changed = {digits(case) for case in blocked[:3]}
    run(now + 3 * HOUR)
    assert len(asking.asked) == 7
    assert Case.objects.filter(status="released").count() == 3


def test_a_block_is_asked_about_the_day_of_its_last_complaint(asking, telkomsel, budi, citra, now):
    """A change between the complaint and the decision was never found: the new holder stayed blocked."""
    case = make.make_case(telkomsel, at=now - 20 * DAY)
    make.signed(make.proposed(case, by=budi, at=now).case, by=citra, at=now + HOUR)
    run(now + 2 * HOUR)
    assert [one["specifiedDate"] for one in asking.asked] == [(now - 20 * DAY).date().isoformat()]


def test_a_run_ends_before_the_next_begins():
    """Else both would ask about the same numbers, and use the quota up twice."""
    every = TIMETABLE["check_recycling"]["schedule"]
    assert isinstance(every, float)
    assert every > services.RUN_SECONDS + camara.EXCHANGE_SECONDS


def test_before_a_block_complaints_about_the_holder_before_count_no_more(asking, telkomsel, budi, now):
    case = make.make_case(telkomsel, at=now)
    make.proposed(case, by=budi, at=now)
    asking.changed = {digits(case)}
    assert run(now + HOUR) == 1
    case.refresh_from_db()
    assert case.status == "dismissed"
    assert case.proposals.get().state == "retracted"
    assert "pemegang baru" in CaseNotice.objects.filter(case=case).latest("pk").text_id


def test_a_held_number_with_a_new_holder_is_held_no_more(asking, telkomsel, budi, citra, now):
    holds.hold_rules()
    hold = holds.held(telkomsel, first=budi, second=citra, at=now)
    asking.changed = {int(hold.digits)}
    run(now + HOUR)
    hold.refresh_from_db()
    assert hold.end_reason == "recycled"


def test_no_one_signs_while_a_new_holder_waits_for_a_person(asking, blocked, telkomsel, budi, citra, now):
    case = make.make_case(telkomsel, at=now)
    make.proposed(case, by=budi, at=now)
    asking.mood = "lying"
    run(now + HOUR)
    with pytest.raises(WrongState) as error:
        make.signed(case, by=citra, at=now + 2 * HOUR)
    assert error.value.code == "new_holder_waits"


def test_an_operator_without_an_interface_is_not_asked(blocked, now, settings):
    settings.RECYCLING_APIS = {}
    assert run(now + HOUR) == 0
    assert not RecyclingCheck.objects.exists()
