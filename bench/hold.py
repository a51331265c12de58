"""From the second signature of a hold to the client that has switched, under intake load. SIZE is holds.

Promised: a published, signed list P50 within 10 s and P99 within 60 s, the running client P99 within 60 s.
Everything is a process of its own, as in production: the portal that takes complaints, nginx with the small
file, the loop that signs, the reference client with `--watch`. Holds are signed one after another.
"""

from __future__ import annotations

import datetime as dt
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.complaint_posts import forms
from bench.hold_lane import client_of, intake, lane, outcome_of, watching, workplace
from bench.outcome import Outcome

if TYPE_CHECKING:
    from aduan.accounts.models import User

SIZES = (200,)
P50 = 10.0  # seconds
PAUSE = 0.5  # seconds between two holds
PATIENCE = 90.0


def measure(size: int) -> Outcome:
    with workplace() as folder:
        people = _people()
        key, root = _ready(size, folder, people[0])
        with (
            lane(folder) as (port, served),
            watching(folder / "state", port, key=key, root=root) as seen,
            intake(served, forms(40 * size, seed=15)) as answered,
        ):
            signed = _sign(size, *people)
            seen.until(seen.at, size, PATIENCE)
        return outcome_of(
            signed,
            _listed(signed),
            seen.at,
            answered,
            title=f"P99 in s from the second signature to the client that has switched, {size} holds",
            to_client="to the client that has switched",
            median_of_lists=P50,
        )


def _ready(size: int, folder: Path, manager: User) -> tuple[str, Path]:
    """Rules of holds, `size` candidates, and the first empty list; an access key and the root to trust."""
    from aduan.blocklists.services import build_holds
    from aduan.operators.models import Operator
    from tests.factories import holds

    now = dt.datetime.now(dt.UTC)
    holds.hold_rules(hourly_quota=30_000, personal_quota=30_000, list_ceiling=max(1000, size))
    telkomsel = Operator.objects.get(code="telkomsel")
    for turn in range(size):
        holds.candidate(telkomsel, at=now, digits=6281210000001 + turn, founded=True)
    build_holds(at=now)
    return client_of(telkomsel, folder, manager=manager)


def _people() -> tuple[User, User]:
    """Two reviewers."""
    from aduan.accounts.roles import Role
    from tests.factories.accounts import person

    one, two = (person(f"{name}@aduan.example", name, Role.REVIEWER) for name in ("one", "two"))
    return one, two


def _sign(size: int, one: User, two: User) -> dict[str, float]:
    """Two people sign each candidate; when the second did, by the number."""
    from aduan.cases.models import Case
    from tests.factories import holds

    signed = {}
    for case in Case.objects.filter(hold_candidate__isnull=False).order_by("pk")[:size]:
        hold = holds.proposed_hold(case, by=one, at=dt.datetime.now(dt.UTC))
        holds.confirmed_hold(hold, by=two, at=dt.datetime.now(dt.UTC))
        signed[str(hold.digits)] = time.time()
        time.sleep(PAUSE)
    return signed


def _listed(signed: dict[str, float]) -> dict[str, float]:
    """The stamp of the first list with each number: when the round began that published it.

    The list itself is there somewhat later, and before the client has it.
    """
    from django.db.models import Min

    from aduan.blocklists.models import BlockList, BlockListEntry

    lists = dict(BlockList.objects.filter(series="hold", state="published").values_list("pk", "published_at"))
    rows = BlockListEntry.objects.filter(is_new=True, digits__in=[int(one) for one in signed])
    first = rows.values_list("digits").annotate(first=Min("list_id"))
    moments = ((digits, lists[pk]) for digits, pk in first)
    return {str(digits): at.timestamp() for digits, at in moments if at is not None}
