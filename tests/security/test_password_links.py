"""One link, one password: of those who use it at the same time one reads that it is done.

On bb9ef79b four forms sent at once were all answered "done", and one of the four passwords worked.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from aduan.accounts.roles import Role
from portal.common.signin import password_link
from tests.factories.accounts import person
from tests.races import at_once

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]
AT_ONCE = 4


def test_a_link_that_is_used_four_times_at_once_sets_one_password(settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_CLIENT_IP_HEADER = "X-Real-IP"
    budi = person("budi@aduan.example", "Budi Santoso", Role.REVIEWER)
    path = password_link(budi).removeprefix(settings.PUBLIC_URL)
    visits = [Client(headers={"X-Real-IP": f"203.0.113.{turn}"}) for turn in range(AT_ONCE)]
    forms = [visit.get(path).headers["Location"] for visit in visits]

    def use(turn: int) -> tuple[str, str]:
        secret = f"kata-sandi-nomor-{turn}-cukup-panjang"
        answer = visits[turn].post(forms[turn], {"password1": secret, "password2": secret})
        return secret, answer.headers.get("Location", "")

    answers = at_once(use, AT_ONCE)
    done = [secret for secret, place in answers if place.endswith("/done/")]
    budi.refresh_from_db()
    assert len(answers) == AT_ONCE
    assert [budi.check_password(secret) for secret in done] == [True]
