"""CC6: two beats by mistake, each with the whole timetable every five seconds, do what one does."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists.models import BlockList, BlockListEntry, ListType
from aduan.cases.models import Block
from aduan.notifications.models import OutboxMessage
from aduan.operators.models import Operator
from tests.bounds import proved
from tests.factories.blocklists import a_block
from tests.worker import Worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults, pytest.mark.slow]
SECONDS = 120
EVERY = 9  # seconds between two decisions: no reviewer may sign faster


@pytest.fixture
def two_beats(celery_worker: Worker, tmp_path: Path) -> Iterator[None]:
    celery = str(Path(sys.executable).with_name("celery"))
    beats = []
    for name in ("one", "other"):
        command = [
            celery,
            "-A",
            "tests.faults.accelerated_beat",
            "beat",
            "-s",
            str(tmp_path / name),
            "--pidfile=",
        ]
        with (tmp_path / f"{name}.log").open("wb") as log:
            beats.append(
                subprocess.Popen(command, env=celery_worker.environment, stdout=log, stderr=subprocess.STDOUT)
            )
    yield
    for beat in beats:
        assert beat.poll() is None, "a beat died"
        beat.terminate()
        beat.wait(timeout=15)


def test_two_beats_do_what_one_does(
    telkomsel: Operator, dewi: User, budi: User, citra: User, celery_worker: Worker, two_beats: None
) -> None:
    month_ago = timezone.now() - dt.timedelta(days=40)
    a_block(telkomsel, by=(budi, citra), at=month_ago)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        a_block(telkomsel, by=(budi, citra), at=timezone.now(), urgent=True)
        time.sleep(EVERY)
    decided = set(Block.objects.values_list("digits", flat=True))

    def all_listed() -> bool:
        newest = BlockList.objects.filter(state="published").order_by("-sequence").first()
        return newest is not None and newest.count == len(decided)

    celery_worker.until(all_listed, "every decision is on the newest list", 60)
    lists = list(BlockList.objects.filter(operator=telkomsel).order_by("sequence"))
    published = [one for one in lists if one.state == BlockList.State.PUBLISHED]
    assert [one.sequence for one in published] == list(range(1, len(published) + 1))
    assert len([one for one in published if one.kind == ListType.MONTHLY]) == 1
    came = Counter(
        BlockListEntry.objects.filter(list_id__in=[one.pk for one in published], is_new=True).values_list(
            "digits", flat=True
        )
    )
    assert set(came) == decided
    assert set(came.values()) == {1}
    sent = Counter(OutboxMessage.objects.filter(kind="operator_list_published").values_list("key", flat=True))
    assert len(sent) == len(published)
    proved(SECONDS // 5 * 2, "ticks of two beats over the whole timetable (CC6)")
