"""What a platform banned are complaints of one known source: they rank, and nothing is decided from them."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.cases.models import Case
from aduan.complaints.models import Complaint
from aduan.core.errors import DomainError, Forbidden, Invalid
from aduan.operators.actors import Actor, actor_for
from aduan.operators.models import Operator
from aduan.referrals.models import AgencyReport, AgencyReportRow
from aduan.referrals.services import MAX_BANNED_NUMBERS, BannedNumber, file_agency_report
from tests.factories import referrals as make
from tests.factories.cases import proposed
from tests.factories.complaints import filed
from tests.factories.operators import person_of

pytestmark = pytest.mark.django_db
NUMBER = "0812-3456-7890"


def _row(row: int, number: str = NUMBER, category: str = "HADIAH", on: dt.date | None = None) -> BannedNumber:
    return BannedNumber(row, number, category, on)


def test_where_each_complaint_came_from_is_kept(theirs: Actor, now: dt.datetime) -> None:
    day = now.date() - dt.timedelta(days=3)
    report, new = file_agency_report([_row(1, on=day)], actor=theirs, at=now)
    origin = AgencyReportRow.objects.select_related("complaint").get()
    assert (new, report.row_count, origin.report, origin.banned_on) == (True, 1, report, day)
    assert origin.complaint.number_raw == NUMBER
    assert report.by == theirs.user


def test_the_same_rows_again_are_the_same_report(theirs: Actor, now: dt.datetime) -> None:
    first, _new = file_agency_report([_row(1)], actor=theirs, at=now)
    again, new = file_agency_report([_row(1)], actor=theirs, at=now + dt.timedelta(days=40))
    assert (again, new, Complaint.objects.count()) == (first, False, 1)


def test_a_platform_is_one_source_however_often_it_reports(theirs: Actor, now: dt.datetime) -> None:
    for turn in range(3):
        category = ("HADIAH", "JUDOL", "PHISHING")[turn]
        file_agency_report([_row(1, category=category)], actor=theirs, at=now + dt.timedelta(days=turn))
    case = Case.objects.get()
    assert Complaint.objects.count() == 3
    assert case.independent_count == 1
    others = person_of(make.platform("telegram", "Telegram"), "tono@telegram.example", "Tono")
    file_agency_report([_row(1)], actor=actor_for(others), at=now)
    case.refresh_from_db()
    assert case.independent_count == 2


def test_it_raises_the_rank_and_decides_nothing(theirs: Actor, budi: User, now: dt.datetime) -> None:
    filed(now, NUMBER)
    before = Case.objects.get().score
    file_agency_report([_row(1)], actor=theirs, at=now)
    assert Case.objects.get().score > before
    file_agency_report([_row(1, "0812-3456-7801")], actor=theirs, at=now)
    alone = Case.objects.latest("pk")
    assert (alone.due_at, alone.ready_at) == (None, None), "no clock starts"
    with pytest.raises(DomainError):
        proposed(alone, by=budi, at=now, evidence_ids=[])


def test_what_no_complaint_could_say_is_named_and_the_rest_taken(theirs: Actor, now: dt.datetime) -> None:
    rows = [
        _row(1),
        _row(2, "+62 812 3456 7890"),
        _row(3, "bukan nomor"),
        _row(4, "0812-3456-7801", "TIDAK_ADA"),
        _row(5, "0812-3456-7802", on=now.date() + dt.timedelta(days=3)),
    ]
    report, _new = file_agency_report(rows, actor=theirs, at=now)
    assert report.row_count == 1
    assert [row["row"] for row in report.refused] == [2, 3, 4, 5]
    assert {row["code"] for row in report.refused} >= {"duplicate_row", "banned_later"}


def test_only_a_platform_may_and_not_without_end(
    theirs: Actor, dewi: User, telkomsel: Operator, now: dt.datetime
) -> None:
    with pytest.raises(Forbidden, match="no_platform"):
        file_agency_report([_row(1)], actor=actor_for(dewi), at=now)
    with pytest.raises(Invalid, match="no_rows"):
        file_agency_report([], actor=theirs, at=now)
    many = [_row(turn) for turn in range(MAX_BANNED_NUMBERS + 1)]
    with pytest.raises(Invalid, match="too_many_rows"):
        file_agency_report(many, actor=theirs, at=now)
    assert not AgencyReport.objects.exists()
