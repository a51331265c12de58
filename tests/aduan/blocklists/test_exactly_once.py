"""One list, the same bytes, no matter who starts the build, how many at once, or what dies on the way."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection, transaction

from aduan.accounts.models import User
from aduan.blocklists.models import BlockList, BlockListEntry, ListType
from aduan.blocklists.services import build_list, build_missing, file_store, publish_due, resume_stalled
from aduan.cases.models import Block
from aduan.core import jobs
from aduan.core.audit_actions import AuditAction
from aduan.core.models import AuditLogEntry, Job
from aduan.operators.models import Operator
from tests.factories.blocklists import OCTOBER, a_block
from tests.factories.cases import released

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
IN_BUILD = (
    "after_lease", "mid_query", "mid_write", "before_fsync", "before_manifest", "before_sign", "after_sign",
    "before_row", "after_row", "before_rename", "after_rename",
)  # fmt: skip
IN_PUBLICATION = ("before_publish_row", "before_notify", "after_publish_row", "mid_compress:4")


@pytest.fixture(autouse=True)
def own_file_store(tmp_path: Path, settings) -> None:
    """Ids begin anew with every test here, so the files may not be those of another."""
    settings.PUBLISH_ROOT = tmp_path / "lists"


@pytest.fixture
def ready(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> Operator:
    for _ in range(3):
        a_block(telkomsel, by=(budi, citra), at=now)
    return telkomsel


def in_a_process_that_dies(act: Callable[[], object], failpoint: str) -> int:
    """Run `act` in a forked process with a failpoint set; the signal that ended it, or 0."""
    connection.close()
    pid = os.fork()
    if pid == 0:
        os.environ["ADUAN_FAILPOINT"] = failpoint
        try:
            act()
        finally:
            os._exit(0)
    _pid, status = os.waitpid(pid, os.WUNTRACED)
    if os.WIFSTOPPED(status):
        return pid
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


def bytes_of(block_list: BlockList) -> dict[str, bytes]:
    place = file_store.ListFiles(block_list).folder
    return {path.name: path.read_bytes() for path in place.iterdir() if path.suffix in (".txt", ".csv")}


def until_due() -> None:
    """Let the pause after a failed attempt be over."""
    Job.objects.filter(state="waiting").update(run_after=None)


@pytest.mark.parametrize("failpoint", IN_BUILD)
def test_a_build_killed_anywhere_ends_in_one_list(ready: Operator, now: dt.datetime, failpoint: str) -> None:
    died = in_a_process_that_dies(lambda: build_missing(at=now), failpoint)
    assert died == signal.SIGKILL, "the failpoint was not passed"
    assert not list(file_store.root().glob("telkomsel/**/*.part"))
    until_due()
    resume_stalled(at=now)
    build_missing(at=now)
    only = BlockList.objects.get()
    assert only.state == BlockList.State.PUBLISHED
    assert file_store.ListFiles(only).verify() == []
    assert len(bytes_of(only)["block.txt"].split()) == BlockListEntry.objects.count() == 3
    assert file_store.sweep(at=now + dt.timedelta(days=900)) >= 0
    assert not list((file_store.root() / file_store.STAGING).glob("*"))


@pytest.mark.parametrize("failpoint", IN_PUBLICATION)
def test_a_publication_killed_anywhere_happens_once(
    ready: Operator, now: dt.datetime, failpoint: str
) -> None:
    assert in_a_process_that_dies(lambda: build_missing(at=now), failpoint) == signal.SIGKILL
    until_due()
    resume_stalled(at=now)
    only = BlockList.objects.get()
    assert (only.state, only.sequence) == ("published", 1)
    assert only.files.filter(name__endswith=".gz").count() == 9
    assert not list(file_store.ListFiles(only).folder.glob("*.part"))


@pytest.mark.concurrency
def test_twenty_builds_at_once_make_one_list(ready: Operator, now: dt.datetime) -> None:
    gate = threading.Barrier(20)

    def build() -> int | None:
        try:
            gate.wait()
            made = build_list(ready, period=OCTOBER, kind=ListType.MONTHLY, at=now)
            return made.pk if made else None
        except jobs.LeaseLost:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as pool:
        made = {result.result() for result in [pool.submit(build) for _ in range(20)]}
    only = BlockList.objects.get()
    assert made <= {None, only.pk}
    assert only.version == 1


def test_a_builder_that_stood_still_cannot_write_any_more(ready: Operator, now: dt.datetime) -> None:
    stopped = in_a_process_that_dies(
        lambda: build_list(ready, period=OCTOBER, kind=ListType.MONTHLY, at=now), "before_sign:1:stop"
    )
    try:
        assert build_list(ready, period=OCTOBER, kind=ListType.MONTHLY, at=now) is None, "the lease is held"
        Job.objects.filter(kind="build_list").update(lease_until=now - dt.timedelta(days=1000))
        assert build_list(ready, period=OCTOBER, kind=ListType.MONTHLY, at=now) is not None
    finally:
        os.kill(stopped, signal.SIGCONT)
        os.waitpid(stopped, 0)
    only = BlockList.objects.get()
    assert Job.objects.get(kind="build_list").fencing_token == 2
    assert file_store.ListFiles(only).verify() == []


def test_a_publisher_that_stood_still_cannot_publish_any_more(ready: Operator, now: dt.datetime) -> None:
    stopped = in_a_process_that_dies(lambda: build_missing(at=now), "before_publish_row:1:stop")
    try:
        assert publish_due(at=now) == [], "the lease is held"
        Job.objects.filter(kind="publish_list").update(lease_until=now - dt.timedelta(days=1000))
        (only,) = publish_due(at=now)
    finally:
        os.kill(stopped, signal.SIGCONT)
        os.waitpid(stopped, 0)
    assert BlockList.objects.get() == only
    assert AuditLogEntry.objects.filter(action=AuditAction.BLOCK_LIST_PUBLISH).count() == 1
    assert file_store.ListFiles(only).verify() == []


def test_a_block_lifted_while_the_publisher_is_dead_is_never_published(
    ready: Operator, agus: User, now: dt.datetime
) -> None:
    assert in_a_process_that_dies(lambda: build_missing(at=now), "before_publish_row") == signal.SIGKILL
    block = Block.objects.first()
    assert block is not None
    released(block.case, by=agus, at=now)
    resume_stalled(at=now)
    superseded, out = BlockList.objects.order_by("pk")
    assert (superseded.state, out.state) == ("rejected", "published")
    assert str(block.digits).encode() not in bytes_of(out)["block.txt"].split()


def test_a_failed_build_waits_longer_each_time_and_then_for_a_person(now: dt.datetime, db: None) -> None:
    jobs.enqueue("test", "one", at=now)
    for _ in range(jobs.MAX_ATTEMPTS):
        until_due()
        with contextlib.suppress(ZeroDivisionError), jobs.lease("test", "one") as lease:
            assert lease is not None
            raise ZeroDivisionError
        with jobs.lease("test", "one") as early:
            assert early is None
    assert [job.key for job in jobs.failed()] == ["one"]
    jobs.retry("test", "one")
    with jobs.lease("test", "one") as lease:
        assert lease is not None
        with transaction.atomic():
            lease.finish()
    assert Job.objects.get().state == "done"


class SlowDecision(threading.Thread):
    """A decision whose transaction begins before a build and commits after it."""

    def __init__(self, decide: Callable[[], object]) -> None:
        super().__init__()
        self._decide, self._begun, self._commit = decide, threading.Event(), threading.Event()

    def run(self) -> None:
        try:
            with transaction.atomic():
                self._decide()
                self._begun.set()
                self._commit.wait(20)
        finally:
            connection.close()

    def begin(self) -> None:
        self.start()
        assert self._begun.wait(20)

    def commit_and_wait(self) -> None:
        self._commit.set()
        self.join()


@pytest.mark.concurrency
def test_a_decision_that_commits_during_the_build_is_on_the_next_list(
    ready: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    slow_decision = SlowDecision(lambda: a_block(ready, by=(budi, citra), at=now, digits=6281399999999))
    slow_decision.begin()
    first = build_list(ready, period=OCTOBER, kind=ListType.MONTHLY, at=now)
    assert first is not None
    slow_decision.commit_and_wait()
    publish_due(at=now)
    second = build_list(ready, period=OCTOBER.next(), kind=ListType.MONTHLY, at=now.replace(month=12))
    assert second is not None
    assert (first.count, first.added_count) == (3, 3)
    assert (second.count, second.added_count) == (4, 1)
