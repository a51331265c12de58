"""Production does not start with a database role that could rewrite history."""

from __future__ import annotations

import pytest
from django.core.checks import run_checks
from django.db import connection

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("production", "role", "refused"),
    [(True, "aduan_app", False), (True, "aduan", True), (False, "aduan", False)],
)
def test_a_superuser_is_refused_and_the_application_is_not(settings, production, role, refused) -> None:
    settings.PRODUCTION = production
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {role}")
        found = {message.id: message.msg for message in run_checks(databases=["default"])}
        cursor.execute("RESET ROLE")
    assert ("aduan.E004" in found) is refused
    assert not refused or "is a superuser" in found["aduan.E004"]
