"""PB10: the same bytes whatever the hash seed, locale, zone, order of rows, workers and plan of the query."""

from __future__ import annotations

import datetime as dt
import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from aduan.blocklists.models import BlockList
from aduan.operators.models import Operator
from tests.bounds import proved
from tests.database import as_administrator, database_url
from tests.faults.test_killed_builders import Files, files_of, forget_lists, ready, undisturbed

__all__ = ["ready", "undisturbed"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults, pytest.mark.slow]
BUILDS = 25  # in each of four parts
PLAN = ("hashjoin", "mergejoin", "nestloop", "sort", "hashagg", "seqscan", "indexscan", "bitmapscan")
BUILD = """
import datetime as dt, django, sys
django.setup()
from aduan.blocklists.services import build_missing
assert build_missing(at=dt.datetime.fromisoformat(sys.argv[1]))
"""


@pytest.fixture
def settings_end(transactional_db: None) -> Iterator[None]:
    """What is set for the database is forgotten afterwards."""
    yield
    _database("RESET ALL")


def _database(change: str) -> None:
    with as_administrator() as cursor:
        cursor.execute(f'ALTER DATABASE "{connection.settings_dict["NAME"]}" {change}')


def disturb_plans(dice: random.Random) -> None:
    for name in PLAN:
        _database(f"SET enable_{name} = {dice.choice(['on', 'off'])}")
    workers = dice.choice([0, 1, 2, 4])
    _database(f"SET max_parallel_workers_per_gather = {workers}")
    _database(f"SET parallel_setup_cost = {0 if workers else 1000}")
    _database(f"SET min_parallel_table_scan_size = {0 if workers else 1024}")
    _database(f"SET TimeZone = '{dice.choice(['UTC', 'Asia/Jayapura', 'America/New_York'])}'")


def disturb_rows(dice: random.Random) -> None:
    """Written again in another order, so that they lie in other places."""
    with as_administrator() as cursor:
        cursor.execute("SELECT id FROM cases_block")
        ids = [row[0] for row in cursor.fetchall()]
        dice.shuffle(ids)
        cursor.execute("SET session_replication_role = replica")
        for one in ids:
            cursor.execute("UPDATE cases_block SET urgent = urgent WHERE id = %s", [one])
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename = 'cases_block'"
            " AND indexdef LIKE '%%USING btree%%' AND indexdef NOT LIKE '%%WHERE%%'"
        )
        indexes = sorted(row[0] for row in cursor.fetchall())
        if dice.random() < 0.5:
            cursor.execute(f'CLUSTER cases_block USING "{dice.choice(indexes)}"')


def surroundings(dice: random.Random, publish_root: Path) -> dict[str, str]:
    return os.environ | {
        "DATABASE_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "ADUAN_PUBLISH_ROOT": str(publish_root),
        "PYTHONHASHSEED": str(dice.randrange(2**32)),
        "LC_ALL": dice.choice(["C", "C.UTF-8", "POSIX", "id_ID.UTF-8", "tr_TR.UTF-8"]),
        "TZ": dice.choice(["UTC", "Asia/Jakarta", "Asia/Jayapura", "America/New_York"]),
    }


@pytest.mark.usefixtures("settings_end")
@pytest.mark.parametrize("part", range(4))
def test_a_build_gives_the_same_bytes_anywhere(
    ready: Operator, undisturbed: tuple[Files, float], now: dt.datetime, part: int,
    settings,
) -> None:  # fmt: skip
    dice = random.Random(part)
    for _build in range(BUILDS):
        disturb_plans(dice)
        disturb_rows(dice)
        where = surroundings(dice, settings.PUBLISH_ROOT)
        command = [sys.executable, "-W", "ignore", "-c", BUILD, now.isoformat()]
        done = subprocess.run(command, env=where, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr[-2000:]
        assert files_of(BlockList.objects.get()) == undisturbed[0]
        forget_lists()
    proved(BUILDS, f"builds in other surroundings, all bytes the same (PB10, part {part})")
