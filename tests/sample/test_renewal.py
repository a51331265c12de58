"""A demo that is open a day later still has what leaves the desk with time."""

from __future__ import annotations

import datetime as dt
import io

import pytest
from django.core.management import call_command
from django.utils import timezone

from aduan.accounts.models import User
from aduan.cases.models import Case
from aduan.cases.queries import waiting_holds
from aduan.complaints.services import find_hold_candidates
from portal.management import migrator
from sample import holds, people
from tests.database import as_administrator

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def waiting(at: dt.datetime) -> list[str]:
    find_hold_candidates(at=at)
    reviewer = User.objects.get(email="reviewer3@aduan.example")
    return [one.number_shown for one in waiting_holds(viewer=reviewer, at=at, limit=100)]


def test_a_candidate_of_a_hold_waits_every_day_and_never_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its complaints are older than the rules' hours after a day: the desk showed none, then."""
    monkeypatch.setattr(migrator, "connected", as_administrator)
    now = timezone.now()
    call_command("load_reference", stdout=io.StringIO())
    lane = holds.Holds(people.invite("contoh-aduan-nomor", until=now - DAY), now - DAY)
    at, set_rules = next(lane.events())
    set_rules(at)
    assert [holds.renew_candidate(at=now) for _turn in range(2)] == ["0812-0000-9104", None]
    assert waiting(now) == ["+62 812-0000-9104"]
    assert waiting(now + DAY) == []
    assert holds.renew_candidate(at=now + DAY) == "0812-0000-9105"
    assert waiting(now + DAY) == ["+62 812-0000-9105"]


def test_nothing_is_invented_where_the_sample_is_not() -> None:
    call_command("renew_sample", stdout=(said := io.StringIO()))
    assert said.getvalue() == ""
    assert not Case.objects.exists()
