"""A session's temporary table never stands in for a real one before a trigger that guards a rule.

Seen on e14b882: with `CREATE TEMP TABLE cases_changerequest` in the same session, the application's role
ended a block under a request that no second person had confirmed: its triggers searched `pg_temp` first.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from aduan.accounts.models import User
from aduan.cases.models import Block
from aduan.operators.models import Operator
from tests.factories.blocklists import a_block
from tests.factories.cases import release_asked

pytestmark = pytest.mark.django_db

TRIGGERS = """
    SELECT DISTINCT p.proname, p.proconfig FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
    WHERE NOT t.tgisinternal AND p.pronamespace = 'public'::regnamespace
"""


def test_every_trigger_searches_temporary_tables_last() -> None:
    with connection.cursor() as cursor:
        cursor.execute(TRIGGERS)
        found = dict(cursor.fetchall())
    assert len(found) > 30
    open_ones = [name for name, config in found.items() if config != ["search_path=public, pg_temp"]]
    assert open_ones == []


def test_a_temporary_request_frees_no_number(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now)
    asked = release_asked(block.case, by=agus, at=now)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE cases_changerequest (LIKE public.cases_changerequest)")
        cursor.execute("INSERT INTO pg_temp.cases_changerequest SELECT * FROM public.cases_changerequest")
        cursor.execute("UPDATE pg_temp.cases_changerequest SET state = 'confirmed'")
        with pytest.raises(IntegrityError, match="two people"), transaction.atomic():
            cursor.execute(
                "UPDATE cases_block SET released_at = %s, released_on = valid_from, release_reason = 'error',"
                " released_under_id = %s WHERE id = %s",
                [now, asked.pk, block.pk],
            )
        cursor.execute("DROP TABLE pg_temp.cases_changerequest")
    assert Block.objects.get(pk=block.pk).released_at is None
