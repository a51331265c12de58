"""A person's own web sessions: what the list shows, and the end of all of them at once."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.models import Session
from django.test import Client

from aduan.accounts.models import User
from aduan.core.models import AuditLogEntry
from portal.common.session_store import stored_key
from tests.factories.accounts import PASSWORD

SESSIONS = "/akun/sesi/"
LOG_IN = "/akun/login/"
START = dt.datetime(2026, 11, 18, 1, 0, tzinfo=dt.UTC)  # 08.00 in Jakarta
pytestmark = pytest.mark.django_db


def logged_in(user: User) -> Client:
    client = Client(headers={"Accept-Language": "id"})
    client.post(LOG_IN, {"login": user.email, "password": PASSWORD})
    return client


def lines(client: Client) -> list[str]:
    shown = client.get(SESSIONS).content.decode()
    found: list[str] = re.findall(r"<tr><td>.*?</tr>", shown)
    return found


@pytest.mark.parametrize("who", ["budi", "dewi"])
def test_staff_and_operators_people_log_out_everywhere_in_one_act(
    request: pytest.FixtureRequest, agus: User, who: str
) -> None:
    user: User = request.getfixturevalue(who)
    here, elsewhere, another = logged_in(user), logged_in(user), logged_in(agus)
    assert elsewhere.get(SESSIONS).status_code == 200
    answer = here.post(SESSIONS)
    assert answer["Location"] == LOG_IN
    for ended in (here, elsewhere):
        assert ended.get(SESSIONS)["Location"].startswith(LOG_IN)
    assert another.get(SESSIONS).status_code == 200, "nobody else is logged out"
    last = AuditLogEntry.objects.order_by("seq").last()
    assert last is not None
    assert (last.action, last.actor, last.detail) == (
        "user.end_sessions", f"user:{user.pk}", {"sessions": 2},
    )  # fmt: skip


def test_the_list_shows_each_browser_with_its_times_and_no_one_elses(budi: User, agus: User) -> None:
    with time_machine.travel(START, tick=False) as clock:
        elsewhere, _other = logged_in(budi), logged_in(agus)
        elsewhere.get(SESSIONS)
        clock.shift(dt.timedelta(minutes=10))
        here = logged_in(budi)
        shown = lines(here)
        assert [re.findall(r"\d\d\.\d\d", line) for line in shown] == [["08.10", "08.10"], ["08.00", "08.00"]]
        assert ["<strong>" in line for line in shown] == [True, False]


def test_what_is_over_is_not_listed(budi: User) -> None:
    """Idle too long, or older than the password: no one can act with it."""
    with time_machine.travel(START, tick=False) as clock:
        logged_in(budi)
        clock.shift(dt.timedelta(minutes=31))
        here = logged_in(budi)
        assert len(lines(here)) == 1
        logged_in(budi)
        assert len(lines(here)) == 2
        fresh = "jendela kayu manis sekali"
        here.post("/akun/password/change/", {"oldpassword": PASSWORD, "password1": fresh, "password2": fresh})
        assert len(lines(here)) == 1


def test_a_request_that_runs_meanwhile_does_not_bring_its_session_back(budi: User) -> None:
    running, here = logged_in(budi), logged_in(budi)
    held = running.session
    held["late"] = True  # read by its request before the end, written after it
    here.post(SESSIONS)
    with pytest.raises(UpdateError):
        held.save()
    assert not Session.objects.filter(pk=stored_key(held.session_key)).exists()


def test_strangers_are_sent_to_the_log_in_and_no_link_ends_a_session(client: Client, budi: User) -> None:
    assert client.get(SESSIONS)["Location"].startswith(LOG_IN)
    assert client.post(SESSIONS)["Location"].startswith(LOG_IN)
    here = logged_in(budi)
    here.get(SESSIONS + "?all=1")
    assert here.get(SESSIONS).status_code == 200
    foreign = Client(enforce_csrf_checks=True)
    foreign.cookies = here.cookies
    assert foreign.post(SESSIONS).status_code == 403
    assert here.get(SESSIONS).status_code == 200
