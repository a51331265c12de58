"""A password that SQL wrote opens nothing, also for those who know it: only the application's own do.

On d0bffad4 one UPDATE as the application's role, of a hash that the attacker made, was the log-in of a second
person (record 0022 said so).
"""

from __future__ import annotations

import secrets
from typing import Any

import pytest
from django.contrib.auth.hashers import get_hasher, make_password
from django.test import Client

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from tests.factories.accounts import PASSWORD, person
from tests.security.injection import run_sql

pytestmark = pytest.mark.django_db
KNOWN = "kata-sandi-si-penyerang-1"


@pytest.fixture(autouse=True)
def _behind_the_proxy(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "X-Real-IP"


def write_hash(user: User) -> None:
    """What the attacker does: a hash of a password that they know, by SQL."""
    run_sql(
        "UPDATE accounts_user SET password = %(hash)s WHERE id = %(id)s",
        hash=make_password(KNOWN),
        id=user.pk,
    )


def opens(user: User, password: str) -> bool:
    """From an address whose attempts no one counted yet."""
    client = Client(headers={"X-Real-IP": f"10.{'.'.join(str(secrets.randbelow(256)) for _ in range(3))}"})
    client.post("/akun/login/", {"login": user.email, "password": password})
    return client.get("/kelola/tombol/").status_code == 200


def test_a_hash_that_sql_wrote_is_no_password(budi: User) -> None:
    assert opens(budi, PASSWORD)
    write_hash(budi)
    assert not opens(budi, KNOWN)
    assert not opens(budi, PASSWORD)


def test_neither_is_that_of_another_person_with_its_code(budi: User, citra: User) -> None:
    citra.set_password(KNOWN)
    citra.save(update_fields=["password"])
    assert opens(citra, KNOWN)
    run_sql(
        "UPDATE accounts_user SET (password, password_mac) = "
        "(SELECT password, password_mac FROM accounts_user WHERE id = %(from)s) WHERE id = %(id)s",
        id=budi.pk,
        **{"from": citra.pk},
    )
    assert not opens(budi, KNOWN)


def test_saving_a_person_makes_no_foreign_password_ours(budi: User) -> None:
    write_hash(budi)
    budi.refresh_from_db()
    budi.save()
    budi.save(update_fields=["password"])
    assert not opens(budi, KNOWN)


def test_a_foreign_hash_of_an_older_kind_is_not_taken_over_at_a_log_in(
    budi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(get_hasher()), "must_update", lambda *_: True)
    assert opens(budi, PASSWORD)
    write_hash(budi)
    assert not opens(budi, KNOWN)
    assert not opens(budi, KNOWN)


def test_a_new_password_by_the_link_is_ours_again(budi: User) -> None:
    write_hash(budi)
    fresh = User.objects.get(pk=budi.pk)
    fresh.set_password("jendela kayu manis sekali")
    fresh.save()
    assert opens(fresh, "jendela kayu manis sekali")


def test_after_a_change_of_the_secret_passwords_go_on_while_the_old_one_is_known(settings: Any) -> None:
    lina = person("lina3@aduan.example", "Lina", Role.LIST_MANAGER)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "y" * 50
    assert not lina.check_password(PASSWORD)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert lina.check_password(PASSWORD)
    settings.SECRET_KEY_FALLBACKS = []
    lina.refresh_from_db()
    assert lina.check_password(PASSWORD), "a log-in takes it over"
