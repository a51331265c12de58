"""Machines of operators A and B, each with a key."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.operators import access_keys as key_services
from aduan.operators import actors


def key_of(by: User, **changes: Any) -> str:
    """A key's text, for today."""
    actor = actors.actor_for(by)
    options: dict[str, Any] = {"name": "gateway", "scopes": ["list:read", "report:write", "report:recycled"]}
    return key_services.create_key(actor.operator, by=actor, at=timezone.now(), **(options | changes))[1]


def machine(key: str) -> Client:
    return Client(headers={"authorization": f"Bearer {key}", "accept-language": "en"})


@pytest.fixture
def a(dewi: User) -> Client:
    """Operator A's machine."""
    return machine(key_of(dewi))


@pytest.fixture
def b(eko: User) -> Client:
    """Operator B's machine: the outsider."""
    return machine(key_of(eko))
