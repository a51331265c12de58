"""AZ7: a thousand guesses, on one person and on a thousand, from one network and from fifty."""

from __future__ import annotations

import datetime as dt
from itertools import cycle

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.core.cache import cache
from django.test import Client

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.accounts.step_up import application_mac
from tests.bounds import proved
from tests.factories.accounts import PASSWORD, past_triggers

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

GUESSES, WEAK = 1_000, "kata sandi lemah 1"
OWNER = "198.51.100.7"


@pytest.fixture(autouse=True)
def _behind_a_proxy(settings):
    """As behind deploy/nginx, which sets the header; limits start empty."""
    settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "X-Real-IP"
    cache.clear()


@pytest.fixture
def crowd(db) -> list[User]:
    """A thousand people; the last one has the password that everybody tries."""
    right, weak = make_password(PASSWORD), make_password(WEAK)
    with past_triggers():
        made = User.objects.bulk_create(
            User(
                email=f"orang{turn}@aduan.example", name=f"Orang {turn}", staff_number=f"G{turn:05d}",
                roles=[Role.REVIEWER], password=weak if turn == GUESSES - 1 else right,
            )
            for turn in range(GUESSES)
        )  # fmt: skip
        for one in made:
            one.password_mac = application_mac("password", one.pk, one.password)
        User.objects.bulk_update(made, ["password_mac"])
        return made


def networks(count: int) -> list[str]:
    return [f"203.0.113.{turn}" for turn in range(1, count + 1)]


def guess(email: str, password: str, network: str) -> bool:
    """Whether this opened the interface."""
    answer = Client().post(
        "/akun/login/", {"login": email, "password": password}, headers={"X-Real-IP": network}
    )
    assert answer.status_code in {200, 302, 429}
    return answer.status_code == 302


# How many guesses are looked at within a minute: 5 for a person and network, 10 for a network.
@pytest.mark.parametrize(("from_networks", "at_most"), [(1, 5), (50, 250)])
def test_a_thousand_passwords_on_one_person(crowd, caplog, from_networks, at_most):
    victim, places = crowd[0], cycle(networks(from_networks))
    with time_machine.travel(dt.datetime(2026, 11, 18, 2, 0, tzinfo=dt.UTC), tick=False) as clock:
        for turn in range(GUESSES - 1):
            assert not guess(victim.email, f"tebakan nomor {turn}", next(places))
        looked_at = sum(record.message == "log_in_failed" for record in caplog.records)
        assert 0 < looked_at <= at_most
        if from_networks == 1:
            assert not guess(victim.email, PASSWORD, next(places)), "the right one comes too late from there"
        assert guess(victim.email, PASSWORD, OWNER), "nobody is locked out from afar"
        clock.shift(dt.timedelta(minutes=6))
        assert guess(victim.email, PASSWORD, networks(1)[0]), "and from there again after five minutes"
    proved(GUESSES, f"guesses on one person from {from_networks} networks, {looked_at} looked at")


@pytest.mark.parametrize(("from_networks", "at_most"), [(1, 10), (50, 500)])
def test_one_password_on_a_thousand_people(crowd, caplog, from_networks, at_most):
    places = cycle(networks(from_networks))
    with time_machine.travel(dt.datetime(2026, 11, 18, 2, 0, tzinfo=dt.UTC), tick=False):
        opened = sum(guess(user.email, WEAK, next(places)) for user in crowd)
        looked_at = sum(record.message == "log_in_failed" for record in caplog.records)
        assert 0 < looked_at <= at_most
        assert not opened, "the weak one is tried long after the network was stopped"
        assert guess(crowd[-1].email, WEAK, OWNER)
    proved(GUESSES, f"people tried from {from_networks} networks, {looked_at} looked at")
