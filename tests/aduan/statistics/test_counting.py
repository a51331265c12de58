"""Each dataset counts what its name says, by the day in Jakarta."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter

import pytest

from aduan.accounts.models import User
from aduan.appeals.models import Objection
from aduan.cases import services as cases
from aduan.cases.queries import figures
from aduan.operators.actors import actor_for
from aduan.operators.models import Operator
from aduan.referrals import services
from aduan.referrals.codes import AnswerWay, PlatformAnswer
from aduan.statistics.datasets import DATASETS
from aduan.statistics.models import DayCount
from aduan.statistics.services.counting import count_days
from tests.conftest import JAKARTA
from tests.factories.blocklists import a_block, published
from tests.factories.cases import asked, dismissed, make_case, reasons, released
from tests.factories.complaints import filed
from tests.factories.objections import proven_objection
from tests.factories.operators import person_of
from tests.factories.referrals import platform, referred

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 11, 18)


@pytest.fixture(autouse=True)
def _reasons(db: None) -> None:
    reasons()


def keys(dataset: str, *, first: dt.date = DAY, last: dt.date = DAY) -> list[dict[str, object]]:
    """What is stored, each key with the names of its dimensions."""
    count_days(DATASETS[dataset], first=first, last=last)
    columns = DATASETS[dataset].columns
    return [
        {
            "stratum": row.stratum,
            "day": row.day,
            "count": row.count,
            **dict(zip(columns, row.key, strict=True)),
        }
        for row in DayCount.objects.filter(dataset=dataset).order_by("id")
    ]


def test_a_complaint_is_counted_on_its_day_in_jakarta(register: None) -> None:
    filed(dt.datetime(2026, 11, 17, 23, 59, 59, tzinfo=JAKARTA))
    filed(dt.datetime(2026, 11, 18, 0, 0, tzinfo=JAKARTA), "0813-9876-5432", channel="sms")
    rows = keys("complaints", first=dt.date(2026, 11, 17))
    assert [(row["day"], row["channel"], row["count"]) for row in rows] == [
        (dt.date(2026, 11, 17), "whatsapp", 1),
        (dt.date(2026, 11, 18), "sms", 1),
    ]
    assert rows[0]["category"] == "PETUGAS_BANK"
    assert rows[0]["group"] == "impersonation"


def test_a_decision_after_the_due_time_is_a_miss(now: dt.datetime, budi: User, citra: User) -> None:
    case = make_case(at=now - dt.timedelta(hours=30))
    dismissed(case, by=budi, at=now)
    (row,) = keys("decisions")
    assert (row["stratum"], row["promise"], row["hours"]) == ("dismiss", "missed", "24-36")


def test_a_case_that_was_never_due_is_in_no_ratio(now: dt.datetime, budi: User) -> None:
    """Its complainants were asked and did not answer."""
    case = make_case(at=now - dt.timedelta(days=60), complete=False)
    asked(case, by=budi, at=now - dt.timedelta(days=59))
    case.refresh_from_db()
    assert case.due_at is None
    dismissed(case, by=budi, at=now)
    (row,) = keys("decisions")
    assert (row["promise"], row["hours"]) == ("none", "none")


def test_a_thin_case_that_no_one_asked_about_has_its_clock(now: dt.datetime, budi: User) -> None:
    case = make_case(at=now - dt.timedelta(hours=30), complete=False)
    assert case.due_at is None
    dismissed(case, by=budi, at=now)
    (row,) = keys("decisions")
    assert (row["promise"], row["hours"]) == ("missed", "24-36")


def test_a_reopened_case_is_decided_twice_each_time_by_its_clock(now: dt.datetime, budi: User) -> None:
    """A person who opens an overdue case again makes it punctual neither then nor later."""
    begin = now - dt.timedelta(hours=22)
    case = dismissed(make_case(at=begin), by=budi, at=begin + dt.timedelta(hours=21))
    case = cases.reopen(case, by=budi, reason="Bukti baru", at=now)
    dismissed(case, by=budi, at=now + dt.timedelta(hours=3))
    found = keys("decisions", first=DAY - dt.timedelta(days=2), last=DAY + dt.timedelta(days=2))
    assert sorted((str(row["promise"]), str(row["hours"])) for row in found) == [
        ("kept", "18-24"),
        ("missed", "24-36"),
    ]


def test_a_decision_that_was_undone_within_seconds_was_none(now: dt.datetime, budi: User) -> None:
    case = dismissed(
        make_case(at=now - dt.timedelta(hours=2)), by=budi, at=now, undo_within=dt.timedelta(seconds=30)
    )
    cases.undo(case, by=budi, at=now + dt.timedelta(seconds=5))
    assert keys("decisions") == []


def test_an_objection_counts_on_the_day_of_its_proof(
    now: dt.datetime, budi: User, citra: User, telkomsel: Operator
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now - dt.timedelta(days=20))
    proven_objection(block.case, at=now, filed_at=now - dt.timedelta(days=9), due_at=now)
    Objection.objects.create(uid=uuid.uuid4(), filed_at=now, case=block.case, number=block.case.number)
    (row,) = keys("objections", first=DAY - dt.timedelta(days=20))
    assert (row["stratum"], row["day"], row["count"]) == ("proven", DAY, 1)
    assert (row["answer"], row["promise"], row["hours"]) == ("silent", "missed", "none")


@pytest.mark.parametrize(
    ("hours", "found"),
    [
        (20, ("upheld", "kept", "18-24")),
        (80, ("upheld", "missed", "72-120")),
        (15 * 24, ("silent", "missed", "none")),
    ],
)
def test_an_answer_to_an_objection_counts_for_fifteen_days(
    now: dt.datetime, budi: User, citra: User, telkomsel: Operator, hours: int, found: tuple[str, str, str]
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now - dt.timedelta(days=20))
    proven_objection(
        block.case,
        at=now,
        filed_at=now,
        due_at=now + dt.timedelta(hours=72),
        state="upheld",
        answer="Benar.",
        answered_at=now + dt.timedelta(hours=hours),
        answered_by=budi,
    )
    (row,) = keys("objections")
    assert (row["answer"], row["promise"], row["hours"]) == found


def test_what_a_platform_answered_on_its_own_pages_counts(now: dt.datetime, budi: User, citra: User) -> None:
    """Neither as silence on a list, nor among the operators."""
    whatsapp = platform()
    rudi = person_of(whatsapp, "rudi@whatsapp.example", "Rudi Hartono")
    answered = referred("0812-3456-7890", at=now, by=budi, second=citra)
    referred("0812-3456-7891", at=now + dt.timedelta(minutes=1), by=budi, second=citra)
    for turn, answer in enumerate((PlatformAnswer.NEED_MORE, PlatformAnswer.SUSPENDED)):
        services.answer_referral(
            answered,
            answer=answer,
            note="Nomor mana?",
            way=AnswerWay.PAGE,
            actor=actor_for(rudi),
            at=now + dt.timedelta(hours=3 + 4 * turn),
        )
    assert [(row["stratum"], row["answer"], row["hours"], row["count"]) for row in keys("referrals")] == [
        ("whatsapp", "silent", "none", 1),
        ("whatsapp", "suspended", "6-8", 1),
    ]
    assert keys("answers") == []


def test_the_dashboard_and_the_page_say_the_same_of_the_same_decisions(now: dt.datetime, budi: User) -> None:
    for hours, complete in ((1, True), (30, True), (30, False), (2, False)):
        dismissed(make_case(at=now - dt.timedelta(hours=hours), complete=complete), by=budi, at=now)
    counts = Counter(
        str(row["promise"]) for row in keys("decisions") for _one in range(int(str(row["count"])))
    )
    board = figures(at=now + dt.timedelta(minutes=1), days=1)
    assert (board.in_time.part, board.in_time.whole, board.decided) == (2, 4, 4)
    assert counts == {"kept": board.in_time.part, "missed": board.in_time.whole - board.in_time.part}


def test_a_block_released_as_a_mistake_is_a_wrong_block(
    now: dt.datetime, budi: User, citra: User, agus: User, telkomsel: Operator
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now - dt.timedelta(hours=50))
    released(block.case, by=agus, at=now)
    (row,) = keys("wrong_blocks")
    assert (row["stratum"], row["hours"], row["count"]) == ("block", "48-72", 1)
    assert DayCount.objects.get(dataset="wrong_blocks").amount in {49, 50}


def test_a_number_without_an_answer_is_silent(
    now: dt.datetime, budi: User, citra: User, telkomsel: Operator
) -> None:
    a_block(telkomsel, by=(budi, citra), at=dt.datetime(2026, 10, 20, 9, tzinfo=JAKARTA))
    published(telkomsel, at=now)
    first, last = DAY, DAY + dt.timedelta(days=3)
    (row,) = keys("answers", first=first, last=last)
    assert (row["stratum"], row["answer"], row["promise"]) == (telkomsel.code, "silent", "missed")
    assert (row["count"], row["listed"]) == (1, "360-720")
