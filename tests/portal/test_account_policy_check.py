"""Production does not start with the account policy of a demonstration."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks

from aduan.accounts.models import AccountPolicy
from tests.database import as_administrator

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("production", "policy", "refused"),
    [
        (True, None, False),
        (True, {"waiting_hours": 24}, False),
        (True, {"waiting_hours": 0}, True),
        (True, {"password_steps_up": True}, True),
        (False, {"waiting_hours": 0, "password_steps_up": True}, False),
    ],
)
def test_the_values_of_the_sample_are_refused(settings, production, policy, refused) -> None:
    settings.PRODUCTION = production
    if policy is not None:
        with as_administrator():
            AccountPolicy.objects.create(**policy)
    found = [message.id for message in run_checks(databases=["default"])]
    assert ("aduan.E003" in found) is refused
