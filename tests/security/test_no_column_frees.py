"""SQL as the application's role changes no column so that a list loses a number or gains one.

Every column that the role may update gets values of its kind, and every row that it may delete goes; what the
next lists would carry is looked at each time. So a column that is added later is tried as well.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists.models import ListType
from aduan.blocklists.services import dry_run
from aduan.cases.queries import holds_in_force
from aduan.core.periods import last_ended
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.factories import holds
from tests.factories.blocklists import a_block, published

pytestmark = pytest.mark.django_db
VALUES = {
    "boolean": ["NOT {column}"],
    "date": ["current_date - 4000", "current_date + 4000", "NULL"],
    "timestamp with time zone": ["now() - interval '10 years'", "now() + interval '10 years'", "NULL"],
    "bytea": ["NULL", "''"],
    "jsonb": ["'{{}}'", "'[]'", "NULL"],
    "daterange": ["'empty'", "'[2000-01-01,2001-01-01)'", "'[2090-01-01,2091-01-01)'"],
    "ARRAY": ["'{{}}'", "NULL"],
    "uuid": ["gen_random_uuid()", "NULL"],
}
WHOLE = ["{column} + 1", "{column} - 1", "0", "999999", "NULL", "(SELECT max(id) FROM accounts_user)"]
TEXT = [
    "''",
    "'x'",
    "'block'",
    "'refer'",
    "'confirmed'",
    "'released'",
    "'pending'",
    "'published'",
    "'stopped'",
]
COLUMNS = """
    SELECT c.table_name, c.column_name, c.data_type FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
      AND has_column_privilege(
          'aduan_app', format('%I.%I', c.table_schema, c.table_name)::regclass, c.column_name, 'UPDATE')
    ORDER BY 1, 2"""
TABLES = """
    SELECT table_name FROM information_schema.tables
    WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
      AND has_table_privilege('aduan_app', format('%I.%I', table_schema, table_name)::regclass, 'DELETE')
    ORDER BY 1"""


LISTED = ("accounts_", "appeals_", "blocklists_", "cases_", "numbers_", "operators_", "recycling_")


def statements(tables_of: tuple[str, ...]) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(COLUMNS)
        columns = cursor.fetchall()
        cursor.execute(TABLES)
        tables = cursor.fetchall()
    columns = [row for row in columns if row[0].startswith(tables_of)]
    for table, column, kind in columns:
        for value in VALUES.get(kind, WHOLE if "int" in kind else TEXT):
            yield f'UPDATE "{table}" SET "{column}" = {value.format(column=column)}'  # noqa: S608 - names of ours
    yield from (f'DELETE FROM "{table}"' for (table,) in tables if table.startswith(tables_of))  # noqa: S608 - names of ours


def carried(operators: list[Operator], at: dt.datetime) -> list[object]:
    """What the next lists would change, and which numbers the hold lists carry."""
    found: list[object] = []
    for operator in operators:
        next_list = dry_run(operator, period=last_ended(at), kind=ListType.INTERIM, at=at)
        found += [next_list.count, next_list.added, next_list.removed]
        found += sorted(hold.digits for hold in holds_in_force(operator.pk, at=at))
    return found


@pytest.mark.parametrize(
    "tables_of", [LISTED, pytest.param(("",), marks=pytest.mark.slow)], ids=["near", "all"]
)
def test_no_column_changes_what_is_blocked(
    telkomsel: Operator,
    indosat: Operator,
    budi: User,
    citra: User,
    injected: None,
    tables_of: tuple[str, ...],
) -> None:
    now = timezone.now()
    holds.hold_rules()
    for turn, operator in enumerate((telkomsel, telkomsel, indosat)):
        a_block(operator, by=(budi, citra), at=now, digits=6281270001000 + turn)
    holds.held(telkomsel, first=budi, second=citra, at=now)
    make.proposed(make.make_case(telkomsel, at=now), by=budi, at=now)
    published(telkomsel, at=now)
    operators = [telkomsel, indosat]
    before, worked, tried = carried(operators, now), [], 0
    for statement in statements(tables_of):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
                if cursor.rowcount:
                    tried += 1
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    if (after := carried(operators, now)) != before:
                        worked.append(f"{statement}: {before} became {after}")
                transaction.set_rollback(True)
        except DatabaseError:
            continue
    assert tried > 200
    assert worked == []
