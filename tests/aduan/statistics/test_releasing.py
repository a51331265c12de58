"""What was released stays; what does not make ten waits."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.db.utils import InternalError, ProgrammingError

from aduan.accounts.models import User
from aduan.core.models import Job
from aduan.core.periods import JAKARTA
from aduan.statistics import queries
from aduan.statistics.models import Correction, ReleasedRow, ReleasedSpan, Snapshot
from aduan.statistics.services import snapshots
from aduan.statistics.services.snapshots import make_snapshot, write_snapshot
from tests.database import as_administrator
from tests.factories.cases import dismissed, make_case, reasons
from tests.factories.complaints import filed
from tests.factories.statistics import counted

pytestmark = pytest.mark.django_db


def night(day: int, month: int = 11) -> dt.datetime:
    """Three o'clock in the night after this day of 2026."""
    return dt.datetime(2026, month, day, 3, tzinfo=JAKARTA) + dt.timedelta(days=1)


def spans(stratum: str = "received") -> list[tuple[int, int, int]]:
    found = ReleasedSpan.objects.filter(stratum=stratum).order_by("first_day")
    return [(span.first_day.day, span.last_day.day, span.count) for span in found]


def figures_of(snapshot: Snapshot) -> dict[str, int | str]:
    return queries.figures_of(snapshot)


def test_an_empty_world_has_a_page_of_zero_rows() -> None:
    found = figures_of(write_snapshot(at=night(18)))
    assert found["complaints.received.all.total"] == "<10"


def test_one_complaint_is_fewer_than_ten(register: None) -> None:
    filed(dt.datetime(2026, 11, 17, 9, tzinfo=JAKARTA))
    found = figures_of(write_snapshot(at=night(18)))
    assert found["complaints.received.all.total"] == "<10"
    assert not ReleasedSpan.objects.exists()


def test_days_with_few_rows_are_released_together() -> None:
    for day, count in ((3, 4), (4, 0), (5, 7), (6, 30), (7, 9)):
        if count:
            counted("complaints", "received", dt.date(2026, 11, day), count, channel="sms")
    found = figures_of(write_snapshot(at=night(8)))
    assert spans() == [(3, 5, 11), (6, 6, 30)]
    assert found["complaints.received.2026-11.total"] == 41
    counted("complaints", "received", dt.date(2026, 11, 9), 2, channel="sms")
    write_snapshot(at=night(9))
    assert spans() == [(3, 5, 11), (6, 6, 30), (7, 9, 11)]


def test_a_month_is_split_when_it_is_over() -> None:
    counted("complaints", "received", dt.date(2026, 10, 3), 40, channel="sms", category="PHISHING")
    counted("complaints", "received", dt.date(2026, 10, 4), 5, channel="call", category="PHISHING")
    counted("complaints", "received", dt.date(2026, 10, 5), 20, channel="call", category="JUDOL")
    write_snapshot(at=night(30, 10))
    assert not ReleasedRow.objects.exists()
    found = figures_of(write_snapshot(at=night(31, 10)))
    assert found["complaints.received.2026-10.category.PHISHING"] == 45
    assert found["complaints.received.2026-10.channel.call"] == 20
    assert found["complaints.received.2026-10.channel.*"] == 45
    assert sum(row.count for row in ReleasedRow.objects.all()) == sum(count for *_days, count in spans())


def test_a_receiver_with_few_rows_takes_the_next_smallest_along() -> None:
    """All together are known from what was decided: alone, five would follow from the sum."""
    for month, numbers in ((8, (300, 40, 5)), (9, (300, 50, 6))):
        for stratum, count in zip(("telkomsel", "indosat", "smart"), numbers, strict=True):
            counted("answers", stratum, dt.date(2026, month, 20), count, answer="blocked", promise="kept")
    found = figures_of(write_snapshot(at=night(20, 9)))
    assert found["answers.telkomsel.2026-08.total"] == 300
    assert {found[f"answers.{one}.all.total"] for one in ("indosat", "smart") if one in found} <= {"*"}
    assert not ReleasedSpan.objects.exclude(stratum="telkomsel").exists()
    found = figures_of(write_snapshot(at=night(20, 10)))
    assert [
        (span.stratum, span.first_day.month, span.count) for span in ReleasedSpan.objects.order_by("id")
    ] == [
        ("telkomsel", 8, 300),
        ("indosat", 8, 90),
        ("smart", 8, 11),
        ("telkomsel", 9, 300),
    ]
    assert (found["answers.indosat.2026-09.total"], found["answers.indosat.2026-09.since"]) == (90, "2026-08")


def test_a_month_of_referrals_ends_with_the_last_released_day_of_what_was_referred() -> None:
    """Else what was asked, less what was referred until the 20th, would be the three of the 29th."""
    for month, day, count in ((9, 20, 30), (9, 29, 3), (10, 2, 9), (10, 20, 40)):
        counted("decisions", "refer", dt.date(2026, month, day), count, reason="r1")
        counted("referrals", "whatsapp", dt.date(2026, month, day), count, answer="suspended")
    write_snapshot(at=night(20, 11))
    found = ReleasedSpan.objects.order_by("dataset", "first_day")
    assert [(one.stratum, str(one.last_day)[5:], one.count) for one in found] == [
        ("refer", "09-20", 30),
        ("refer", "10-02", 12),
        ("refer", "10-20", 40),
        ("whatsapp", "09-20", 30),
        ("whatsapp", "10-20", 52),
    ]


def test_the_rest_of_a_month_counts_with_the_next() -> None:
    counted("complaints", "received", dt.date(2026, 10, 30), 20)
    counted("complaints", "received", dt.date(2026, 10, 31), 3)
    counted("complaints", "received", dt.date(2026, 11, 1), 9)
    found = figures_of(write_snapshot(at=night(30)))
    assert found["complaints.received.2026-10.total"] == 20
    assert found["complaints.received.2026-11.total"] == 12


@pytest.mark.django_db(transaction=True)
def test_a_snapshot_is_made_once_also_by_a_job_that_died_in_the_middle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counted("complaints", "received", dt.date(2026, 11, 3), 40, channel="sms")
    with monkeypatch.context() as patch:
        patch.setattr(snapshots, "_package", _die)
        with pytest.raises(ZeroDivisionError):
            make_snapshot(at=night(8))
    assert not ReleasedSpan.objects.exists()
    Job.objects.update(run_after=None)
    first = make_snapshot(at=night(8))
    again = make_snapshot(at=night(8) + dt.timedelta(hours=5))
    assert first == again
    assert Snapshot.objects.count() == 1


def test_a_snapshot_that_is_made_late_says_the_same_of_open_cases(budi: User) -> None:
    """Eleven waited at midnight; ten are decided and twelve come in before a job without power runs."""
    reasons()
    midnight = dt.datetime(2026, 11, 9, tzinfo=JAKARTA)
    waiting = [make_case(at=midnight - dt.timedelta(hours=5)) for _turn in range(11)]
    with transaction.atomic():
        early = figures_of(write_snapshot(at=midnight + dt.timedelta(hours=3)))
        transaction.set_rollback(True)
    for case in waiting[:10]:
        dismissed(case, by=budi, at=midnight + dt.timedelta(hours=9))
    for _turn in range(12):
        make_case(at=midnight + dt.timedelta(hours=10))
    late = figures_of(write_snapshot(at=midnight + dt.timedelta(hours=17)))
    assert late["open_cases.under_a_day"] == early["open_cases.under_a_day"] == 10
    assert late == early


def _die(*_arguments: object) -> None:
    raise ZeroDivisionError


def test_a_late_change_is_published_as_a_correction(register: None) -> None:
    at = dt.datetime(2026, 10, 7, 9, tzinfo=JAKARTA)
    for turn in range(10):
        filed(at, f"0812-3456-78{turn:02d}")
    write_snapshot(at=night(31, 10))
    for turn in range(12):
        filed(at, f"0812-3456-79{turn:02d}")
    found = figures_of(write_snapshot(at=night(2)))
    (correction,) = Correction.objects.filter(dataset="complaints")
    assert (correction.change, correction.month) == (12, dt.date(2026, 10, 1))
    assert found["complaints.received.2026-10.total"] == 22
    assert spans() == [(7, 7, 10)]


@pytest.mark.parametrize("model", [ReleasedSpan, ReleasedRow, Snapshot])
def test_what_was_released_cannot_be_changed(model: type[ReleasedSpan | ReleasedRow | Snapshot]) -> None:
    counted("complaints", "received", dt.date(2026, 10, 3), 40, channel="sms")
    write_snapshot(at=night(31, 10))
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        model.objects.all()._raw_delete("default")
    with (
        pytest.raises(InternalError, match="append_only"),
        transaction.atomic(),
        as_administrator(),
    ):
        model.objects.all()._raw_delete("default")


def test_the_database_refuses_a_row_below_ten() -> None:
    day = dt.date(2026, 10, 1)
    with pytest.raises(IntegrityError, match="row_of_ten_rows"), transaction.atomic():
        ReleasedRow.objects.create(
            dataset="complaints", stratum="received", month=day, released_on=day, key=[], count=9
        )
