"""From the second signature of a hold to the client that has switched, under intake load. SIZE is holds.

Promised: a published, signed list P50 within 10 s and P99 within 60 s, the running client P99 within 60 s.
Everything is a process of its own, as in production: the portal that takes complaints, nginx with the small
file, the loop that signs, the reference client with `--watch`. Holds are signed one after another.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from bench.complaint_posts import forms
from bench.database import load_register, scratch
from bench.hold_lane import intake, lane, percentile, shown, watching
from bench.outcome import Outcome, median

if TYPE_CHECKING:
    from aduan.accounts.models import User

SIZES = (200,)
P50, P99 = 10.0, 60.0  # seconds
PAUSE = 0.5  # seconds between two holds
PATIENCE = 90.0


def measure(size: int) -> Outcome:
    from django.conf import settings

    with (
        scratch("register", load_register),
        tempfile.TemporaryDirectory(prefix="aduan-bench-hold-", dir="/tmp") as where,
    ):
        folder = Path(where)
        settings.KEYS_DIR, settings.PUBLISH_ROOT = folder / "keys", folder / "lists"
        os.environ |= {"ADUAN_KEYS_DIR": str(settings.KEYS_DIR), "ADUAN_PUBLISH_ROOT": str(folder / "lists")}
        people = _people()
        key, root = _ready(size, folder, people[0])
        with (
            lane(folder, settings.PUBLISH_ROOT) as (port, served),
            watching(folder / "state", port, key=key, root=root) as seen,
            intake(served, forms(40 * size, seed=15)) as answered,
        ):
            signed = _sign(size, *people)
            seen.until(seen.at, size, PATIENCE)
        listed = _listed(signed)
        return _outcome(size, signed, listed, seen.at, answered)


def _ready(size: int, folder: Path, manager: User) -> tuple[str, Path]:
    """Rules of holds, `size` candidates, and the first empty list; an access key and the root to trust."""
    import datetime as dt

    from aduan.blocklists import queries
    from aduan.blocklists.services import build_holds
    from aduan.operators.access_keys import create_key
    from aduan.operators.actors import Actor
    from aduan.operators.models import Operator
    from tests.factories import holds

    now = dt.datetime.now(dt.UTC)
    holds.hold_rules(hourly_quota=30_000, personal_quota=30_000, list_ceiling=max(1000, size))
    telkomsel = Operator.objects.get(code="telkomsel")
    for turn in range(size):
        holds.candidate(telkomsel, at=now, digits=6281210000001 + turn, founded=True)
    build_holds(at=now)
    root = folder / "root.json"
    root.write_bytes(queries.metadata_bytes("1.root.json", operator=telkomsel) or b"")
    actor = Actor(operator=telkomsel, user=manager, manages=True)
    _row, key = create_key(telkomsel, by=actor, name="bench", scopes=["list:read"], at=now)
    return key, root


def _people() -> tuple[User, User]:
    """Two reviewers."""
    from aduan.accounts.roles import Role
    from tests.factories.accounts import person

    one, two = (person(f"{name}@aduan.example", name, Role.REVIEWER) for name in ("one", "two"))
    return one, two


def _sign(size: int, one: User, two: User) -> dict[str, float]:
    """Two people sign each candidate; when the second did, by the number."""
    import datetime as dt

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


def _outcome(
    size: int, signed: dict[str, float], listed: dict[str, float], seen: dict[str, float], answered: list[str]
) -> Outcome:
    lists = [max(0.0, listed[digits] - at) for digits, at in signed.items()]
    clients = [max(0.0, seen[digits] - at) for digits, at in signed.items()]
    late = percentile(clients, 99)
    refused = sum(status != "302" for status in answered)
    return Outcome(
        title=f"P99 in s from the second signature to the client that has switched, {size} holds",
        runs=size,
        median_ratio=late,
        floor=median(clients),
        limit=P99,
        sense="most",
        also_holds=median(lists) <= P50 and percentile(lists, 99) <= P99 and not refused,
        rows=[
            ("to the round that publishes the list (its stamp)", shown(lists)),
            ("to the client that has switched", shown(clients)),
            ("complaints taken meanwhile", f"{len(answered):,}, refused {refused}"),
        ],
        more={
            "list_s": [round(percentile(lists, at), 2) for at in (50, 95, 99)],
            "client_s": [round(percentile(clients, at), 2) for at in (50, 95, 99)],
            "complaints": len(answered),
        },
    )
