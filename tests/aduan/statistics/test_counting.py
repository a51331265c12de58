"""Each dataset counts what its name says, by the day in Jakarta."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.cases import services as cases
from aduan.cases.models import Case
from aduan.operators.models import Operator
from aduan.statistics.datasets import DATASETS
from aduan.statistics.models import DayCount
from aduan.statistics.services.counting import count_days
from tests.conftest import JAKARTA
from tests.factories.blocklists import a_block, published
from tests.factories.cases import dismissed, make_case, reasons, released
from tests.factories.complaints import filed

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
    case = make_case(at=now - dt.timedelta(days=60))
    Case.objects.filter(pk=case.pk).update(due_at=None, ready_at=None)
    dismissed(case, by=budi, at=now)
    (row,) = keys("decisions")
    assert (row["promise"], row["hours"]) == ("never_due", "none")


def test_a_reopened_case_is_decided_twice_and_the_first_clock_is_unknown(
    now: dt.datetime, budi: User
) -> None:
    case = dismissed(make_case(at=now - dt.timedelta(hours=2)), by=budi, at=now - dt.timedelta(hours=1))
    case = cases.reopen(case, by=budi, reason="Bukti baru", at=now)
    dismissed(case, by=budi, at=now + dt.timedelta(hours=1))
    assert sorted(str(row["promise"]) for row in keys("decisions")) == ["kept", "unknown"]


def test_a_block_released_as_a_mistake_is_a_wrong_block(
    now: dt.datetime, budi: User, citra: User, agus: User, telkomsel: Operator
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now - dt.timedelta(hours=50))
    released(block.case, by=agus, at=now)
    (row,) = keys("wrong_blocks")
    assert (row["reason"], row["count"]) == ("error", 1)
    assert DayCount.objects.get(dataset="wrong_blocks").amount in {49, 50}


def test_a_number_without_an_answer_is_silent(
    now: dt.datetime, budi: User, citra: User, telkomsel: Operator
) -> None:
    a_block(telkomsel, by=(budi, citra), at=dt.datetime(2026, 10, 20, 9, tzinfo=JAKARTA))
    published(telkomsel, at=now)
    first, last = DAY, DAY + dt.timedelta(days=3)
    (row,) = keys("answers", first=first, last=last)
    assert (row["stratum"], row["answer"], row["promise"]) == (telkomsel.code, "silent", "missed")
    (listed,) = keys("listings", first=first, last=last)
    assert (listed["stratum"], listed["count"], listed["hours"]) == ("listed", 1, "360-720")
