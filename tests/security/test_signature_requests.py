"""What key holders are asked to sign, attacked by SQL as the application's role.

On 49a605f3 SQL asked the holders for any page, and turned a page that was asked for into another: nothing but
the holder's own eyes stood against it.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError

from aduan.blocklists.models import SignatureRequest
from tests.security.injection import run_sql

pytestmark = pytest.mark.django_db

COLUMNS = "role, version, body, created_at, mac"
AGAIN = f"INSERT INTO blocklists_signaturerequest ({COLUMNS}) SELECT "


@pytest.fixture
def asked(now: dt.datetime) -> SignatureRequest:
    request = SignatureRequest(role="telkomsel", version=7, created_at=now)
    request.write(b'{"signatures": []}')
    return request


@pytest.mark.parametrize("mac", ["mac", "NULL", "'x'"])
@pytest.mark.parametrize(
    "row",
    [
        "'root', version, body, created_at",
        "role, version + 1, body, created_at",
        "role, version, 'mine', created_at",
        "role, version, body, now()",
    ],
)
def test_sql_asks_for_nothing(asked: SignatureRequest, row: str, mac: str, injected: None) -> None:
    run_sql("UPDATE blocklists_signaturerequest SET closed_at = now()")
    with pytest.raises(IntegrityError, match="did not make"):
        run_sql(f"{AGAIN} {row}, {mac} FROM blocklists_signaturerequest")


def test_sql_asks_for_nothing_a_second_time(asked: SignatureRequest, injected: None) -> None:
    run_sql("UPDATE blocklists_signaturerequest SET closed_at = now()")
    with pytest.raises(IntegrityError, match="did not make"):
        run_sql(f"{AGAIN} {COLUMNS} FROM blocklists_signaturerequest")
    with pytest.raises(IntegrityError, match="did not make"):
        run_sql("UPDATE blocklists_signaturerequest SET closed_at = NULL")


@pytest.mark.parametrize("change", ["body = 'mine'", "body = 'mine', mac = 'x'", "body = 'mine', mac = NULL"])
def test_sql_changes_no_page(asked: SignatureRequest, change: str, injected: None) -> None:
    with pytest.raises(IntegrityError, match="did not make"):
        run_sql(f"UPDATE blocklists_signaturerequest SET {change}")  # noqa: S608 - texts above


@pytest.mark.parametrize("change", ["role = 'root'", "version = 8", "created_at = now()"])
def test_sql_makes_no_other_request_of_it(asked: SignatureRequest, change: str, injected: None) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        run_sql(f"UPDATE blocklists_signaturerequest SET {change}")  # noqa: S608 - texts above


def test_signatures_gather_on_what_the_application_asked_for(asked: SignatureRequest) -> None:
    asked.write(b'{"signatures": [1]}')
    asked.refresh_from_db()
    assert bytes(asked.body) == b'{"signatures": [1]}'
