"""FT5, CC5: the list worker dies at every named point and anywhere else.

What remains is one list, the same bytes.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import shutil
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from aduan.accounts.models import User
from aduan.blocklists.models import BlockList, ListType
from aduan.blocklists.services import build_list, build_missing, file_store, resume_stalled
from aduan.core import jobs
from aduan.core.audit_actions import AuditAction
from aduan.core.models import AuditLogEntry
from aduan.notifications.models import OutboxMessage
from aduan.operators.models import Operator
from tests.aduan.blocklists.test_exactly_once import IN_BUILD, IN_PUBLICATION, in_a_process_that_dies
from tests.bounds import proved
from tests.database import as_administrator
from tests.factories.blocklists import OCTOBER, a_block

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults, pytest.mark.slow]
NUMBERS = 150
TIMES = 5  # each named point
KILLS = 50  # anywhere, in each of four parts
# The sweeper looks every 30 seconds; what is left of the 90 seconds that are promised.
RESUMED_WITHIN = 60

Files = dict[str, bytes]


@pytest.fixture
def ready(
    telkomsel: Operator, dewi: User, budi: User, citra: User, now: dt.datetime, tmp_path: Path, settings
) -> Operator:
    """One operator with numbers that are spread widely enough for no guard to hold the list."""
    settings.PUBLISH_ROOT = tmp_path / "lists"
    for step in range(NUMBERS):
        at = now - dt.timedelta(seconds=8 * (NUMBERS - step))  # no reviewer may sign faster
        a_block(telkomsel, by=(budi, citra), at=at, digits=6281200000000 + step * 10_007)
    return telkomsel


@pytest.fixture
def undisturbed(ready: Operator, now: dt.datetime) -> tuple[Files, float]:
    """What an undisturbed build makes, and how long it takes here."""
    begun = time.monotonic()
    (made,) = build_missing(at=now)
    took = time.monotonic() - begun
    files = files_of(made)
    assert len(files) == 29, sorted(files)  # nine, compressed and signed; the manifest, signed
    forget_lists()
    return files, took


def files_of(block_list: BlockList) -> Files:
    return {path.name: path.read_bytes() for path in file_store.ListFiles(block_list).folder.iterdir()}


def forget_lists() -> None:
    """As if no list had ever been made; only the owner of the server can do this."""
    with as_administrator() as cursor:
        cursor.execute("SELECT 'blocklists_blocklistentry_' || id FROM blocklists_blocklist")
        partitions = [row[0] for row in cursor.fetchall()]
        cursor.execute("SET session_replication_role = replica")
        for name in partitions:
            cursor.execute(f"DROP TABLE IF EXISTS {name}")
        for table in (
            "blocklists_listfile",
            "blocklists_blocklist",
            "core_job",
            "notifications_outboxmessage",
        ):
            cursor.execute(f"DELETE FROM {table}")  # noqa: S608
        # A manifest names the head of the audit log, which is where it was before the list.
        cursor.execute("DELETE FROM core_auditlogentry WHERE subject LIKE 'block_list:%%'")
        cursor.execute("SET session_replication_role = DEFAULT")
    shutil.rmtree(file_store.root())


def finish_and_compare(now: dt.datetime, expected: Files) -> None:
    """As the sweeper does: look until the list is out. Then it is the undisturbed one, and told once."""
    for visible in BlockList.objects.filter(state=BlockList.State.PUBLISHED):
        assert file_store.ListFiles(visible).verify() == [], "a partial list was visible"
    begun = time.monotonic()
    while not any(file_store.ListFiles(one).is_compressed() for one in BlockList.objects.all()):
        resume_stalled(at=now)
        assert time.monotonic() - begun < RESUMED_WITHIN
    build_missing(at=now)
    only = BlockList.objects.get()
    assert (only.version, only.sequence) == (1, 1)
    assert files_of(only) == expected
    subject = f"block_list:{only.pk}"
    assert AuditLogEntry.objects.filter(action=AuditAction.BLOCK_LIST_PUBLISH, subject=subject).count() == 1
    assert OutboxMessage.objects.filter(kind="operator_list_published").count() == 1
    forget_lists()


@pytest.mark.parametrize("point", [*IN_BUILD, *IN_PUBLICATION])
def test_killed_at_a_named_point(
    ready: Operator, undisturbed: tuple[Files, float], now: dt.datetime, point: str
) -> None:
    for _time in range(TIMES):
        assert in_a_process_that_dies(lambda: build_missing(at=now), point) == signal.SIGKILL
        if point == "after_lease":  # no list exists yet; the audit log knows that one is wanted
            assert jobs.runnable_keys("build_list") == ["telkomsel/2026-10/monthly-v1"]
        finish_and_compare(now, undisturbed[0])
    proved(TIMES, f"kills at {point} (FT5)")


@pytest.mark.parametrize("part", range(4))
def test_killed_anywhere(
    ready: Operator, undisturbed: tuple[Files, float], now: dt.datetime, part: int
) -> None:
    dice, killed, tries = random.Random(part), 0, 0
    while killed < KILLS:
        tries += 1
        assert tries < 3 * KILLS, "the builds are too fast to be killed"
        killed += killed_after(dice.random() * undisturbed[1] * 1.2, now)
        if not BlockList.objects.exists() and not jobs.runnable_keys("build_list"):
            continue  # killed before it had begun: nothing was asked for
        finish_and_compare(now, undisturbed[0])
    proved(killed, f"kills at random instants of build and publication (FT5, part {part})")


def killed_after(seconds: float, now: dt.datetime) -> bool:
    """Whether a build in a process of its own was still at work when it was killed."""
    connection.close()
    pid = os.fork()
    if pid == 0:
        try:
            build_missing(at=now)
        finally:
            os._exit(0)
    time.sleep(seconds)
    os.kill(pid, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(pid, 0)[1])


@pytest.mark.concurrency
def test_twenty_processes_at_once_make_one_list(
    ready: Operator, undisturbed: tuple[Files, float], now: dt.datetime
) -> None:
    rounds = 10
    for _round in range(rounds):
        in_processes(20, lambda: build_list(ready, period=OCTOBER, kind=ListType.MONTHLY, at=now))
        finish_and_compare(now, undisturbed[0])
    proved(rounds, "rounds of twenty processes that build the same list (CC5)")


def in_processes(count: int, act: Callable[[], object]) -> None:
    """`act` in so many processes, each connected before any of them begins."""
    connection.close()
    gate, start = os.pipe()
    pids = []
    for _process in range(count):
        pid = os.fork()
        if pid == 0:
            try:
                os.close(start)
                connection.ensure_connection()
                os.read(gate, 1)  # ends when the parent closes the other end
                act()
            finally:
                os._exit(0)
        pids.append(pid)
    time.sleep(1)
    os.close(start)
    os.close(gate)
    for pid in pids:
        os.waitpid(pid, 0)
