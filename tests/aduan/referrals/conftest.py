"""WhatsApp, its log-in Rudi, and one account that two people referred to it an hour ago."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from aduan.accounts.models import User
from aduan.operators.actors import Actor, actor_for
from aduan.operators.models import Operator
from aduan.referrals.models import Referral
from tests.factories import referrals as make
from tests.factories.operators import person_of


@pytest.fixture
def now() -> dt.datetime:
    return timezone.now().replace(microsecond=0)


@pytest.fixture
def whatsapp(telkomsel: Operator) -> Operator:
    return make.platform()


@pytest.fixture
def rudi(whatsapp: Operator) -> User:
    return person_of(whatsapp, "rudi@whatsapp.example", "Rudi Hartono")


@pytest.fixture
def theirs(rudi: User) -> Actor:
    return actor_for(rudi)


@pytest.fixture
def referral(whatsapp: Operator, budi: User, citra: User, now: dt.datetime) -> Referral:
    return make.referred("0812-3456-7890", at=now - dt.timedelta(hours=1), by=budi, second=citra)
