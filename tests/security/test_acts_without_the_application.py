"""What one person may do alone is the application's act all the same: SQL as its role does none of it.

On 66bf22ea SQL ended the protection of 84 numbers without blocks at once and protected any number in advance,
and closed cases by writing into their history the line that such a change needs.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, ProgrammingError, connection

from aduan.accounts.models import User
from aduan.accounts.step_up import application_mac
from aduan.cases import services
from aduan.cases.models import Case, CaseEvent
from aduan.cases.workflow import CaseAction, Status
from aduan.core.errors import WrongState
from aduan.numbers import services as numbers
from aduan.numbers.models import ProtectedNumber
from aduan.operators.models import Operator
from tests.database import as_administrator
from tests.factories import cases as make
from tests.security.injection import run_sql

pytestmark = pytest.mark.django_db
WHY = {"owner": "RSUP", "kind": "other", "source": "surat", "reason": "nomor rumah sakit"}
NUMBER = "+6281200009999"
NOT_BY_SQL = "neither began nor ended"
COPY = """
    INSERT INTO numbers_protectednumber (id, pattern, owner, kind, source, confidence, note, active, mac)
    SELECT {id}, {pattern}, owner, kind, source, confidence, note, true, {mac} FROM numbers_protectednumber"""
LINE = """
    INSERT INTO cases_caseevent
        ({key} case_id, action, from_status, to_status, created_at, reason, system_reason, detail, mac)
    SELECT {value} case_id, action, from_status, to_status, created_at, '', '', detail, mac
    FROM cases_caseevent WHERE action = 'dismiss'"""


@pytest.fixture
def row(rini: User, now: dt.datetime) -> ProtectedNumber:
    return numbers.protect(NUMBER, **WHY, by=rini, at=now)


@pytest.fixture
def ended(row: ProtectedNumber, rini: User, now: dt.datetime) -> ProtectedNumber:
    return numbers.unprotect(row, reason="pindah", by=rini, at=now)


@pytest.fixture
def case(telkomsel: Operator, now: dt.datetime) -> Case:
    make.reasons()
    return make.make_case(telkomsel, at=now)


@pytest.fixture
def upgraded() -> None:
    """As after an upgrade of an installation that is a month old."""
    with as_administrator() as cursor:
        cursor.execute(
            "UPDATE django_migrations SET applied = now() - interval '30 days' WHERE name = '0001_initial'"
        )


def a_day_later() -> None:
    with as_administrator() as cursor:
        cursor.execute("UPDATE django_migrations SET applied = applied - interval '1 day'")


@pytest.mark.parametrize("mac", ["NULL", "''", "mac", "'\\x00'"])
def test_sql_ends_no_protection(row: ProtectedNumber, mac: str, injected: None) -> None:
    with pytest.raises(IntegrityError, match=NOT_BY_SQL):
        run_sql(f"UPDATE numbers_protectednumber SET active = false, mac = {mac}")  # noqa: S608 - texts above


@pytest.mark.parametrize("mac", ["NULL", "mac"])
@pytest.mark.parametrize("pattern", ["'+6281288887777'", "pattern"])
def test_sql_protects_no_number(ended: ProtectedNumber, pattern: str, mac: str, injected: None) -> None:
    """Not even one that was protected before, with the code of that time."""
    with pytest.raises(IntegrityError, match=NOT_BY_SQL):
        run_sql(COPY.format(id="id + 1", pattern=pattern, mac=mac))


def test_a_protection_that_ended_never_comes_back(ended: ProtectedNumber, injected: None) -> None:
    code = application_mac("protection", ended.pk, ended.pattern, "true")
    with pytest.raises(IntegrityError, match="never comes back"):
        run_sql("UPDATE numbers_protectednumber SET active = true, mac = %(code)s", code=code)


@pytest.mark.parametrize("column", ["pattern", "owner", "kind", "source", "confidence", "note"])
def test_sql_changes_nothing_that_a_protection_says(
    row: ProtectedNumber, column: str, injected: None
) -> None:
    """The public page names the owner."""
    with pytest.raises(ProgrammingError, match="permission denied"):
        run_sql(f"UPDATE numbers_protectednumber SET {column} = 'x'")  # noqa: S608 - texts above


def test_people_protect_as_ever_and_again_after_an_end(
    ended: ProtectedNumber, rini: User, now: dt.datetime
) -> None:
    again = numbers.protect(NUMBER, **WHY, by=rini, at=now)
    assert (again.pk > ended.pk, again.active) == (True, True)
    with pytest.raises(WrongState, match="already_protected"):
        numbers.protect(NUMBER, **WHY, by=rini, at=now)


@pytest.mark.parametrize("key", ["", "id,"])
def test_sql_writes_no_change_of_a_status(
    case: Case, budi: User, now: dt.datetime, key: str, request: pytest.FixtureRequest
) -> None:
    """Not even the line of before, once more, for a case that was opened again."""
    make.dismissed(case, by=budi, at=now)
    services.reopen(case, by=budi, at=now, reason="keliru")
    request.getfixturevalue("injected")
    with pytest.raises(IntegrityError, match="did not make"):
        run_sql(LINE.format(key=key, value=key.replace("id", "id + 100")))
    case.refresh_from_db()
    assert case.status == Status.OPEN


def test_a_line_that_changes_nothing_needs_no_code(case: Case, budi: User, now: dt.datetime) -> None:
    make.dismissed(case, by=budi, at=now)
    codes = {event.action: event.mac is not None for event in CaseEvent.objects.filter(case=case)}
    assert codes == {CaseAction.FILE: False, CaseAction.DISMISS: True}


def test_the_version_before_goes_on_for_a_day(row: ProtectedNumber, case: Case, upgraded: None) -> None:
    line = """INSERT INTO cases_caseevent
        (case_id, action, from_status, to_status, created_at, reason, system_reason, detail)
        SELECT id, 'dismiss', 'open', 'dismissed', now(), '', '', '{}' FROM cases_case"""
    begin = COPY.format(id="nextval('numbers_protectednumber_id_seq')", pattern="'+6281{}'", mac="NULL")
    end = "UPDATE numbers_protectednumber SET active = false WHERE id = %(id)s"
    run_sql(line)
    run_sql(begin.format("277770001"))
    a_day_later()
    for statement in (line, begin.format("277770002"), end):
        with pytest.raises(IntegrityError, match=f"did not make|{NOT_BY_SQL}"):
            run_sql(statement, id=row.pk)


def test_a_new_installation_gives_no_such_day(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_version_before_may_run('cases', '0037_lines_by_application')")
        assert cursor.fetchone() == (False,)


def test_sql_gives_itself_no_such_day(injected: None) -> None:
    with pytest.raises(ProgrammingError, match="permission denied"):
        run_sql("UPDATE django_migrations SET applied = now()")
