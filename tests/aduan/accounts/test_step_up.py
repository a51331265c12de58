"""The evidence of a step-up: what the service refuses, and what the database refuses in any session.

Before this existed (seen on 9f931d8) a row with the name of a second person was all that a signature took.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import Error, IntegrityError, connection, transaction

from aduan.accounts.models import AccountPolicy, StepUpEvidence, StepUpKey, User
from aduan.accounts.services import install_step_up_keys, record_step_up
from aduan.accounts.step_up import StepUp
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden
from tests.database import as_administrator
from tests.factories.accounts import step_up

pytestmark = pytest.mark.django_db
ACT = AuditAction.CASE_AGREE


@pytest.fixture
def as_application() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE aduan_app")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def record(step: StepUp, by: User, at: dt.datetime) -> StepUpEvidence:
    return record_step_up(step, by=by, act=ACT, subject="case:1", at=at, digest="a" * 64)


def test_the_application_stores_evidence_that_the_database_accepts(
    citra: User, now: dt.datetime, as_application: None
) -> None:
    evidence = record(step_up(citra, now), citra, now)
    with connection.cursor() as cursor:
        for subject in ("case:1", "case:2"):
            cursor.execute(
                "SELECT accounts_stepped_up(%s, %s, %s, %s, %s)",
                [evidence.pk, citra.pk, [ACT.value], subject, now],
            )
            assert cursor.fetchone()[0] is (subject == "case:1")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"minutes_ago": 16}, "step_up_missing"),
        ({"minutes_ago": -2}, "step_up_missing"),
        ({"method": "password"}, "second_factor_missing"),
    ],
)
def test_the_service_refuses_what_is_old_or_weak(
    citra: User, now: dt.datetime, change: dict[str, float], code: str
) -> None:
    with pytest.raises(Forbidden) as refusal:
        record(step_up(citra, now, **change), citra, now)  # type: ignore[arg-type]
    assert refusal.value.code == code


def test_the_service_refuses_the_step_up_of_another_person(budi: User, citra: User, now: dt.datetime) -> None:
    with pytest.raises(Forbidden):
        record(step_up(budi, now), citra, now)


def test_a_password_is_enough_where_the_policy_says_so(citra: User, now: dt.datetime) -> None:
    with as_administrator():
        AccountPolicy.objects.create(password_steps_up=True)
    assert record(step_up(citra, now, method="password"), citra, now).method == "password"


@pytest.mark.parametrize(
    "column",
    ["person_id = (SELECT min(id) FROM accounts_user)", "method = 'password'", "act = 'case.release'",
     "subject = 'case:2'", "digest = repeat('b', 64)", "at = at + interval '1 second'",
     "proved_at = proved_at + interval '1 second'"],
)  # fmt: skip
def test_no_column_of_copied_evidence_can_be_changed(
    budi: User, citra: User, now: dt.datetime, as_application: None, column: str
) -> None:
    """What an SQL injection can do: read all evidence and write rows of its own."""
    record(step_up(citra, now), citra, now)
    name, value = column.split(" = ", 1)
    own = {
        one: one
        for one in ("person_id", "method", "proved_at", "act", "subject", "digest", "at", "nonce", "mac")
    }
    own[name] = value
    with pytest.raises(IntegrityError, match="that nobody made"), transaction.atomic():
        connection.cursor().execute(
            f"INSERT INTO accounts_stepupevidence ({', '.join(own)})"  # noqa: S608  # names of our own
            f" SELECT {', '.join(own.values())} FROM accounts_stepupevidence"
        )


@pytest.mark.parametrize(
    "attack",
    [
        "SELECT * FROM accounts_stepupkey",
        "INSERT INTO accounts_stepupkey (inner_block, outer_block) VALUES ('x', 'y')",
        "UPDATE accounts_stepupevidence SET subject = 'case:2'",
        "DELETE FROM accounts_stepupevidence",
        "INSERT INTO accounts_accountpolicy (id, password_steps_up) VALUES (1, true)",
        """CREATE OR REPLACE FUNCTION accounts_step_up_mac_holds(message text, mac bytea) RETURNS boolean
           LANGUAGE sql AS 'SELECT true'""",
    ],
)
def test_the_application_can_neither_read_a_key_nor_soften_a_rule(
    citra: User, now: dt.datetime, as_application: None, attack: str
) -> None:
    record(step_up(citra, now), citra, now)
    with pytest.raises(Error, match=r"permission denied|must be owner"), transaction.atomic():
        connection.cursor().execute(attack)


def test_no_evidence_stands_there_twice(citra: User, now: dt.datetime) -> None:
    """Two acts of one moment have two codes; a row that is copied has the same."""
    first, second = (record(step_up(citra, now), citra, now) for _turn in range(2))
    assert bytes(first.mac) != bytes(second.mac)
    first.pk = None
    with pytest.raises(IntegrityError, match="mac"), transaction.atomic():
        first.save(force_insert=True)


def test_a_new_secret_takes_effect_with_the_next_migration(citra: User, now: dt.datetime, settings) -> None:
    old, settings.SECRET_KEY = settings.SECRET_KEY, "x" * 50
    with pytest.raises(Forbidden):
        record(step_up(citra, now), citra, now)
    settings.SECRET_KEY_FALLBACKS = [old]
    with as_administrator():
        install_step_up_keys()
        assert StepUpKey.objects.count() == 2
    record(step_up(citra, now), citra, now)
    settings.SECRET_KEY = old  # a server that was not restarted yet
    record(step_up(citra, now, minutes_ago=2), citra, now)
