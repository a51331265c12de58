import random

import pytest
from django.test import Client

from aduan.operators.models import Operator


@pytest.fixture(autouse=True)
def _public(db: None, telkomsel: Operator, indosat: Operator) -> None:
    """The register knows whose numbers these are."""


@pytest.fixture
def client() -> Client:
    """A person at an address of her own: counters live in a cache that other tests share."""
    dice = random.SystemRandom()
    return Client(REMOTE_ADDR=f"10.{dice.randrange(256)}.{dice.randrange(256)}.{dice.randrange(256)}")
