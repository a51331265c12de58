"""Who reads the table of sessions, as SQL in the application's role can, has no session to act with.

On d0bffad4 the table held the keys themselves: one SELECT gave the log-in of a second person, with the proof
of who they are that their session had just made.
"""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from aduan.accounts.models import User
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db


def test_what_the_table_holds_opens_nothing(client: Client, budi: User) -> None:
    client.post("/akun/login/", {"login": budi.email, "password": PASSWORD})
    assert client.get("/kelola/tombol/").status_code == 200
    key = client.cookies["sid"].value
    assert Session.objects.exists()
    for row in Session.objects.all():
        assert key not in (row.session_key, row.session_data)
        thief = Client()
        thief.cookies["sid"] = row.session_key
        assert thief.get("/kelola/tombol/").status_code == 302
    assert client.get("/kelola/tombol/").status_code == 200
    assert client.post("/akun/logout/").status_code == 302
    assert not Session.objects.exists()
