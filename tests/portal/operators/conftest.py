"""Dewi and Eko at their desks, freshly logged in."""

from __future__ import annotations

import time

import pytest
from django.test import Client

from aduan.accounts.models import User


def at_desk(user: User) -> Client:
    """A browser with a fresh log-in. English, so that tests read."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


@pytest.fixture
def dewi_desk(dewi: User) -> Client:
    return at_desk(dewi)


@pytest.fixture
def eko_desk(eko: User) -> Client:
    return at_desk(eko)
