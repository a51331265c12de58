"""CC8: decisions commit all the time while lists are built; each is new on exactly one list."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections import Counter
from pathlib import Path

import pytest
from django.db import connection, transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.blocklists import queries
from aduan.blocklists.models import BlockList
from aduan.blocklists.services import build_interims, publish_due
from aduan.cases.models import Block
from aduan.operators.models import Operator
from tests.bounds import proved
from tests.factories.accounts import person
from tests.factories.blocklists import a_block, published
from tests.factories.cases import released

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.faults, pytest.mark.concurrency, pytest.mark.slow,
]  # fmt: skip
BUILDS = 50
MINUTE = dt.timedelta(minutes=1)
RELEASES = 6  # of each thread: with more than twenty in all the list would be stopped, as it should be


class Deciding(threading.Thread):
    """Two people who decide without end, in transactions that stay open for a while before they commit."""

    def __init__(self, nth: int, operator: Operator, releaser: User, at: dt.datetime) -> None:
        super().__init__(daemon=True)
        self.operator, self.releaser, self.at = operator, releaser, at
        self.two = tuple(person(f"r{nth}{one}@aduan.example", "R", Role.REVIEWER) for one in "ab")
        self.dice, self.stop = random.Random(nth), threading.Event()
        self.decided, self.released, self.failures = set[int](), set[int](), list[str]()

    def run(self) -> None:
        try:
            while not self.stop.is_set():
                self.at += MINUTE / 4
                with transaction.atomic():
                    block = a_block(self.operator, by=self.two, at=self.at, urgent=True)  # type: ignore[arg-type]
                    if self.decided and len(self.released) < RELEASES and self.dice.random() < 0.3:
                        self._release(self.dice.choice(sorted(self.decided - self.released) or [0]))
                    with connection.cursor() as cursor:
                        cursor.execute("SELECT pg_sleep(%s)", [self.dice.random() * 0.2])
                self.decided.add(int(block.digits or 0))
        except Exception as error:
            self.failures.append(repr(error))
        finally:
            connection.close()

    def _release(self, digits: int) -> None:
        block = Block.objects.select_related("case").filter(digits=digits, released_at=None).first()
        if block is not None:
            released(block.case, by=self.releaser, at=self.at)
            self.released.add(digits)


def numbers(block_list: BlockList, part: str) -> set[int]:
    file = queries.file_of(block_list, f"{part}.txt")
    assert file is not None
    return set(map(int, file.path.read_text().split()))


def test_each_decision_is_on_exactly_one_list(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime, tmp_path: Path, settings
) -> None:
    settings.PUBLISH_ROOT = tmp_path / "lists"
    stays = a_block(telkomsel, by=(budi, citra), at=now)
    published(telkomsel, at=now)
    threads = [Deciding(nth, telkomsel, agus, now) for nth in range(3)]
    for thread in threads:
        thread.start()
    at = now
    for _build in range(BUILDS):
        at += MINUTE
        build_interims(at=at)
    for thread in threads:
        thread.stop.set()
    for thread in threads:
        thread.join()
    assert not [thread.failures for thread in threads if thread.failures]
    at = max(at, *(thread.at for thread in threads))  # they decide ahead of the builds where these are slow
    for _last in range(2):
        at += MINUTE
        build_interims(at=at)
        publish_due(at=at)

    stopped = BlockList.objects.filter(state="stopped").values_list("sequence", "stop_reasons")
    assert list(stopped) == []
    lists = BlockList.objects.filter(state="published").order_by("sequence")
    before, came, went = set[int](), Counter[int](), Counter[int]()
    for one in lists:
        full, new, gone = (numbers(one, part) for part in ("block", "added", "removed"))
        assert full == (before | new) - gone, one.sequence
        before = full
        came.update(new)
        went.update(gone)
    decided = {int(stays.digits or 0)}.union(*(thread.decided for thread in threads))
    released = set[int]().union(*(thread.released for thread in threads))
    assert before == decided - released
    assert all(came[number] == 1 for number in decided - released)
    assert all(came[number] == went[number] <= 1 for number in released)
    assert set(came) <= decided
    proved(len(decided) + len(released), f"decisions that committed during {lists.count()} lists (CC8)")
