"""Who comes in for an organisation, attacked by SQL as the application's role.

A number that an operator reports as recycled is free at once. On 69161dfc SQL wrote a key with that scope,
made itself a colleague, or moved someone's address, to which the letter about a new password goes.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError

from aduan.accounts.models import User
from aduan.operators import access_keys, actors, members
from aduan.operators.models import AccessKey, Operator, OperatorMember
from tests.security.injection import run_sql

pytestmark = pytest.mark.django_db
ANYWHERE = "203.0.113.9"


@pytest.fixture
def key(dewi: User, telkomsel: Operator, now: dt.datetime) -> AccessKey:
    by = actors.actor_for(dewi)
    return access_keys.create_key(telkomsel, by=by, name="daftar", scopes=["list:read"], at=now)[0]


def copied(**changed: str) -> str:
    """The row of each key once more, with other values in some columns."""
    columns = [str(field.column) for field in AccessKey._meta.concrete_fields]
    columns = [column for column in columns if column not in ("id", "secret_hash")]
    values = ["%(hash)s", *(changed.get(column, column) for column in columns)]
    target = f"operators_accesskey (secret_hash, {', '.join(columns)})"
    return f"INSERT INTO {target} SELECT {', '.join(values)} FROM operators_accesskey"  # noqa: S608


@pytest.mark.parametrize("mac", ["mac", "NULL", "'x'"])
def test_sql_makes_no_key(key: AccessKey, mac: str, injected: None) -> None:
    wanted = {"name": "'mine'", "prefix": "'aaaaaaaa'", "scopes": "ARRAY['report:recycled']", "mac": mac}
    with pytest.raises(IntegrityError, match="did not make"):
        run_sql(copied(**wanted), hash="0" * 64)


@pytest.mark.parametrize(
    "change",
    ["scopes = ARRAY['report:recycled']", "secret_hash = 'x'", "allowed_networks = '{}'", "operator_id = 1"],
)
def test_sql_widens_no_key(key: AccessKey, change: str, injected: None) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        run_sql(f"UPDATE operators_accesskey SET {change}")  # noqa: S608 - texts above


def test_sql_neither_wakes_nor_prolongs_a_key(
    key: AccessKey, dewi: User, now: dt.datetime, request: pytest.FixtureRequest
) -> None:
    access_keys.revoke_key(key, by=actors.actor_for(dewi), at=now)
    request.getfixturevalue("injected")
    for change in ("revoked_at = NULL", "expires_at = expires_at + interval '1 day'"):
        with pytest.raises(IntegrityError, match="did not make"):
            run_sql(f"UPDATE operators_accesskey SET {change}")  # noqa: S608 - texts above


@pytest.mark.parametrize("manages", [True, False])
def test_sql_makes_no_colleague(dewi: User, telkomsel: Operator, manages: bool) -> None:
    stranger = User.objects.create_user(
        "sari@evil.example", name="Sari", staff_number="X1", roles=["operator_person"]
    )
    with pytest.raises(IntegrityError, match="did not invite"):
        run_sql(
            "INSERT INTO operators_operatormember (user_id, operator_id, manages_keys, mac)"
            " SELECT %(user)s, operator_id, %(manages)s, mac FROM operators_operatormember",
            user=stranger.pk,
            manages=manages,
        )


@pytest.mark.parametrize("column", ["email", "name", "staff_number"])
def test_sql_turns_no_one_there_into_someone_else(dewi: User, column: str, injected: None) -> None:
    with pytest.raises(IntegrityError, match="two administrators"):
        run_sql(f"UPDATE accounts_user SET {column} = 'x@evil.example' WHERE id = %(id)s", id=dewi.pk)  # noqa: S608


def test_who_lost_every_role_is_not_turned_into_someone_else_either(budi: User, injected: None) -> None:
    run_sql("UPDATE accounts_user SET roles = '{}' WHERE id = %(id)s", id=budi.pk)
    with pytest.raises(IntegrityError, match="two administrators"):
        run_sql("UPDATE accounts_user SET email = 'x@evil.example' WHERE id = %(id)s", id=budi.pk)


def test_their_own_people_invite_and_make_keys_as_ever(
    dewi: User, telkomsel: Operator, now: dt.datetime
) -> None:
    by = actors.actor_for(dewi)
    invited = members.invite(
        telkomsel, by=by, email="sari@telkomsel.example", name="Sari", staff_number="T2", at=now
    )
    assert OperatorMember.objects.get(pk=invited.pk).operator == telkomsel
    networks = ["203.0.113.0/24", "2001:db8::/32"]
    scopes = ["report:recycled", "list:read"]
    _key, text = access_keys.create_key(
        telkomsel, by=by, name="dua", scopes=scopes, networks=networks, at=now
    )
    assert actors.actor_with_key(text, address=ANYWHERE, at=now).operator == telkomsel
