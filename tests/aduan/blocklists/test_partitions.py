"""The application makes no tables: functions of the owner make the partition of a list in the making."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import Error, IntegrityError, connection, transaction

from aduan.accounts.models import User
from aduan.blocklists.models import BlockList
from aduan.operators.models import Operator
from tests.factories.blocklists import a_block, published

pytestmark = pytest.mark.django_db
APP = "aduan_app"


@pytest.fixture
def built(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> BlockList:
    a_block(telkomsel, by=(budi, citra), at=now)
    return published(telkomsel, at=now + dt.timedelta(days=20))


@pytest.mark.parametrize("step", ["make", "seal", "attach"])
def test_a_complete_list_is_refused(built: BlockList, step: str) -> None:
    for number in (built.pk, built.pk + 1):  # one that is complete, one that there is not
        with pytest.raises(IntegrityError, match="is not being built"), transaction.atomic():
            connection.cursor().execute(f"SELECT blocklists_{step}_partition(%s)", [number])


def test_an_attached_partition_is_read_by_the_application_and_filled_by_no_one(built: BlockList) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT r, privilege
               FROM unnest(ARRAY['aduan_app', 'aduan_readonly', 'aduan_operator_scope']) r,
                      unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) privilege
               WHERE has_table_privilege(r, %s, privilege)""",
            [f"blocklists_blocklistentry_{built.pk}"],
        )
        assert cursor.fetchall() == [(APP, "SELECT"), ("aduan_readonly", "SELECT")]
        cursor.execute(f"SET LOCAL ROLE {APP}")
        for act in ("INSERT INTO {0} SELECT * FROM {0}", "DELETE FROM {0}", "DROP TABLE {0}"):
            with pytest.raises(Error, match=r"permission denied|must be owner"), transaction.atomic():
                cursor.execute(act.format(f"blocklists_blocklistentry_{built.pk}"))
        cursor.execute("RESET ROLE")
