"""FT13: a worker whose own clock jumps ends nothing early, publishes nothing early, signs for no longer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists.models import BlockList, TufMetadata
from aduan.blocklists.services import renew
from aduan.blocklists.tuf_metadata import LIFETIMES, TIMESTAMP
from aduan.cases.models import Block
from aduan.core.periods import last_ended
from aduan.operators.models import Operator
from portal.tasks import tasks
from tests.factories.blocklists import a_block, published

pytestmark = pytest.mark.django_db
JUMPS = [dt.timedelta(hours=-1), dt.timedelta(days=1), dt.timedelta(days=-31), dt.timedelta(days=366)]


def newest_timestamp() -> TufMetadata:
    return TufMetadata.objects.filter(role=TIMESTAMP).latest("version")


@pytest.fixture
def served(telkomsel: Operator, budi: User, citra: User) -> BlockList:
    at = timezone.now()
    a_block(telkomsel, by=(budi, citra), at=at)
    return published(telkomsel, at=at, period=last_ended(at))


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_what_the_clock_asks_for_is_the_same_whatever_the_machine_believes(
    served: BlockList, telkomsel: Operator, budi: User, citra: User, jump: dt.timedelta, settings
) -> None:
    settings.PUBLICATION_DELAY = dt.timedelta(hours=4)
    a_block(telkomsel, by=(budi, citra), at=timezone.now(), urgent=True)
    before = newest_timestamp()
    acts: list[Callable[[], object]] = [
        tasks.renew_tuf_metadata, tasks.expire_blocks, tasks.build_missing_lists, tasks.build_interim_lists,
        tasks.resume_lists, tasks.remind_operators, tasks.verify_list_files,
    ]  # fmt: skip
    with time_machine.travel(timezone.now() + jump, tick=True):
        for act in acts:
            act()
    assert Block.objects.filter(released_at=None).count() == 2
    last = BlockList.objects.latest("pk")
    assert (last.kind, last.sequence, last.state) == ("interim", 2, "published")
    assert BlockList.objects.count() == 2, "no month that has not ended"
    page = newest_timestamp()
    assert page.version > before.version
    assert page.expires_at - timezone.now() <= LIFETIMES[TIMESTAMP]


def test_a_page_that_lives_too_long_is_signed_again_at_the_next_renewal(served: BlockList) -> None:
    """The database's own clock was ahead once: what it signed then would hide a freeze for a month."""
    ahead = timezone.now() + dt.timedelta(days=31)
    assert TIMESTAMP in renew(at=ahead)
    assert newest_timestamp().expires_at > ahead
    assert TIMESTAMP in renew(at=timezone.now())
    assert newest_timestamp().expires_at - timezone.now() <= LIFETIMES[TIMESTAMP]
