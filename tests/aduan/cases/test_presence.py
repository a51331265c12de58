"""Opening a case takes it when it is free; leaving or skipping gives it back at once."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts.models import User
from aduan.cases import queries, services
from aduan.cases.models import Case, CasePresence
from aduan.operators.models import Operator
from tests.factories import cases as make

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def case(telkomsel: Operator, now: dt.datetime) -> Case:
    return make.make_case(telkomsel, at=now)


def holder(case: Case, at: dt.datetime) -> User | None:
    case.refresh_from_db()
    return case.held_by if case.held_until and case.held_until > at else None


def test_the_first_to_open_a_case_works_on_it_and_the_second_sees_who(budi, citra, case, now):
    first = services.open_case(case.pk, by=budi, at=now, claims=True)
    second = services.open_case(case.pk, by=citra, at=now + SECOND, claims=True)
    assert (first.mine, first.others) == (True, ())
    assert (second.mine, second.others) == (False, ("Budi Santoso",))
    assert holder(case, now) == budi


def test_who_signed_before_is_not_given_away_by_having_the_case_open(budi, citra, agus, case, now):
    """Seen to fail on 1d4faade: the page hid who proposed, and said beside it who has the case open."""
    make.proposed(case, by=budi, at=now)
    services.open_case(case.pk, by=budi, at=now, claims=True)
    services.open_case(case.pk, by=agus, at=now, claims=False)
    shown = services.open_case(case.pk, by=citra, at=now + SECOND, claims=True)
    still = services.note_presence(case.pk, by=citra, at=now + SECOND, opened_at=now + SECOND)
    (row,) = queries.queue_page(viewer=citra, at=now + SECOND).rows
    assert shown.others == still == (agus.name,)
    assert set(row.present) == {agus.name, citra.name}


def test_reading_alone_takes_nothing(budi, case, now):
    assert not services.open_case(case.pk, by=budi, at=now, claims=False).mine
    assert holder(case, now) is None


def test_leaving_gives_back_what_opening_took_and_nothing_else(budi, citra, case, now):
    services.open_case(case.pk, by=budi, at=now, claims=True)
    services.leave_case(case.pk, by=budi, opened_at=now)
    assert holder(case, now) is None
    assert services.open_case(case.pk, by=citra, at=now + SECOND, claims=True).others == ()
    services.leave_case(case.pk, by=citra, opened_at=now + SECOND)
    services.claim(case, by=budi, at=now)
    services.open_case(case.pk, by=budi, at=now + MINUTE, claims=True)
    services.leave_case(case.pk, by=budi, opened_at=now + MINUTE)
    assert holder(case, now) == budi


def test_the_end_of_an_older_page_ends_nothing(budi, case, now):
    services.open_case(case.pk, by=budi, at=now, claims=True)
    services.open_case(case.pk, by=budi, at=now + SECOND, claims=True)  # reloaded, or sent and came back
    services.leave_case(case.pk, by=budi, opened_at=now)
    assert holder(case, now) == budi
    services.leave_case(case.pk, by=budi, opened_at=now + SECOND)
    assert holder(case, now) is None


def test_no_one_leaves_for_another(budi, citra, case, now):
    services.open_case(case.pk, by=budi, at=now, claims=True)
    services.leave_case(case.pk, by=citra, opened_at=now)
    assert holder(case, now) == budi


def test_a_browser_that_died_frees_the_case_after_three_minutes(budi, citra, case, now):
    services.open_case(case.pk, by=budi, at=now, claims=True)
    services.note_presence(case.pk, by=budi, at=now + MINUTE, opened_at=now)
    assert services.open_case(case.pk, by=citra, at=now + 3 * MINUTE, claims=True).others == ("Budi Santoso",)
    later = services.open_case(case.pk, by=citra, at=now + 5 * MINUTE, claims=True)
    assert (later.mine, later.others) == (True, ())


def test_four_skips_lock_no_case_and_do_not_give_the_same_again(budi, citra, telkomsel, now):
    cases = [make.make_case(telkomsel, at=now) for _ in range(5)]
    given = []
    for turn in range(4):
        case = services.next_case(by=budi, at=now + turn * SECOND)
        assert case is not None
        given.append(case.pk)
        services.skip_case(case.pk, by=budi, at=now + turn * SECOND)
    assert len(set(given)) == 4
    assert not Case.objects.filter(held_by__isnull=False).exists()
    first = services.next_case(by=citra, at=now + MINUTE)
    assert first is not None
    assert first.pk == given[0]
    last = services.next_case(by=budi, at=now + MINUTE)
    assert last is not None
    assert last.pk in {case.pk for case in cases} - set(given)


def test_who_skipped_everything_is_given_it_again(budi, case, now):
    services.next_case(by=budi, at=now)
    services.skip_case(case.pk, by=budi, at=now)
    again = services.next_case(by=budi, at=now + SECOND)
    assert again is not None
    assert again.pk == case.pk


def test_old_rows_go(budi, case, now):
    services.open_case(case.pk, by=budi, at=now, claims=True)
    assert services.delete_old_presence(at=now + dt.timedelta(hours=23)) == 0
    assert services.delete_old_presence(at=now + dt.timedelta(hours=25)) == 1
    assert not CasePresence.objects.exists()
