"""Log-ins that strangers attack: the person gets in, the mailbox stays quiet, the portal answers others.

On 13789aed five wrong guesses from an office's address locked its people out for minutes; each address of
one IPv6 /64 had five guesses of its own; every request for a new password wrote one more letter, five a
minute, and then the person's own was refused.
"""

from __future__ import annotations

import secrets

import pytest
from django.test import Client

from aduan.accounts.models import User
from aduan.notifications.models import OutboxMessage
from portal.common import signin
from portal.common.known_devices import COOKIE
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
LOG_IN, RESET = "/akun/login/", "/akun/password/reset/"


@pytest.fixture(autouse=True)
def _behind_the_proxy(settings) -> None:
    settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "X-Real-IP"


@pytest.fixture
def office() -> str:
    """An address that no other test counts."""
    return f"10.{secrets.randbelow(256)}.{secrets.randbelow(256)}.{secrets.randbelow(256)}"


def _tried(client: Client, email: str, password: str, address: str) -> str:
    answer = client.post(LOG_IN, {"login": email, "password": password}, headers={"X-Real-IP": address})
    return "in" if answer.status_code == 302 else "refused"


def _guessed(email: str, *addresses: str) -> None:
    for turn, address in enumerate(addresses):
        _tried(Client(), email, f"tebakan-{turn}", address)


def test_who_guesses_behind_the_same_address_does_not_lock_a_known_browser_out(
    budi: User, office: str
) -> None:
    own = Client()
    assert _tried(own, budi.email, PASSWORD, office) == "in"
    own.post("/akun/logout/")
    _guessed(budi.email, *[office] * 11)
    assert _tried(Client(), budi.email, PASSWORD, office) == "refused"
    assert _tried(own, budi.email.upper(), PASSWORD, office) == "in"


@pytest.mark.parametrize("mark", ["another's", "forged"])
def test_the_mark_of_one_log_in_gives_no_guesses_at_another(
    budi: User, citra: User, mark: str, office: str
) -> None:
    thief = Client()
    if mark == "forged":
        thief.cookies[COOKIE] = "WyJidWRpQGFkdWFuLmV4YW1wbGUiLCJ4Il0:1:x"
    else:
        assert _tried(thief, citra.email, PASSWORD, office) == "in"
        thief.post("/akun/logout/")
    _guessed(budi.email, *[office] * 6)
    assert _tried(thief, budi.email, PASSWORD, office) == "refused"


def test_a_known_browser_guesses_no_more_often_than_others(budi: User, office: str) -> None:
    own = Client()
    assert _tried(own, budi.email, PASSWORD, office) == "in"
    own.post("/akun/logout/")
    for turn in range(6):
        _tried(own, budi.email, f"tebakan-{turn}", office)
    assert _tried(own, budi.email, PASSWORD, office) == "refused"


def test_the_addresses_of_one_subscriber_guess_together(budi: User) -> None:
    network = f"2001:db8:{secrets.randbelow(65536):x}"
    _guessed(budi.email, *(f"{network}:2::{number}" for number in range(1, 7)))
    assert _tried(Client(), budi.email, PASSWORD, f"{network}:2::ff") == "refused"
    assert _tried(Client(), budi.email, PASSWORD, f"{network}:3::1") == "in"


def test_requests_for_a_new_password_write_one_letter_and_shut_no_one_out(budi: User) -> None:
    for number in range(12):
        asked = {"email": budi.email if number % 2 else "tak.dikenal@example.id"}
        answer = Client().post(RESET, asked, headers={"X-Real-IP": f"198.51.100.{number}"})
        assert answer.status_code == 302
    kinds = OutboxMessage.objects.order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == ["account_password_reset", "account_unknown"]


def test_variants_of_a_mailbox_are_one(db: None, office: str) -> None:
    for name in ("sari@example.id", "Sari@Example.id", "sari+1@example.id", "sari+2@example.id"):
        Client().post(RESET, {"email": name}, headers={"X-Real-IP": office})
    assert OutboxMessage.objects.count() == 1


def test_a_flood_of_log_ins_leaves_threads_to_others(
    budi: User, monkeypatch: pytest.MonkeyPatch, office: str
) -> None:
    """Each check of a password takes a core for a while; who waits too long is asked to come back."""
    monkeypatch.setattr(signin, "_PATIENCE", 0.01)
    slots = 0
    while signin._HASHING.acquire(blocking=False):
        slots += 1
    try:
        assert slots == 2
        assert _tried(Client(), budi.email, PASSWORD, office) == "refused"
    finally:
        for _slot in range(slots):
            signin._HASHING.release()
    assert _tried(Client(), budi.email, PASSWORD, office) == "in"
