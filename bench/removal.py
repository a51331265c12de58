"""From the second signature that frees a number to the client that lets it go, under intake load.

Promised: P99 within 60 s, while the keys of `targets` lie with their holders. Everything is a process of its
own, as for holds (bench/hold.py); SIZE numbers are freed one after another, as many stay blocked.
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
    from aduan.cases.models import Block

SIZES = (20,)  # more that people freed within a day wait for two list managers (`freed_limit`)
PAUSE = 0.5  # seconds between two signatures
PATIENCE = 90.0
_A_SIGNATURE = dt.timedelta(seconds=7)  # no one signs more than ten in a minute
_FIRST_NUMBER = 6281210000001
_APART = 10_000  # many new numbers of one block of numbers would stop the list


def measure(size: int) -> Outcome:
    with workplace() as folder:
        people = _people()
        blocks = _blocks(2 * size, people)
        key, root = _ready(folder, people[0])
        with (
            lane(folder) as (port, served),
            watching(folder / "state", port, key=key, root=root, series="block") as seen,
            intake(served, forms(40 * size, seed=15)) as answered,
        ):
            seen.until(seen.at, len(blocks), PATIENCE)
            signed = _free(blocks[:size], people)
            seen.until(seen.gone, size, PATIENCE)
        return outcome_of(
            signed,
            _published(signed),
            seen.gone,
            answered,
            title=f"P99 in s from the second signature to the client that let go, {size} numbers",
            to_client="to the client that let it go",
        )


def _people() -> list[User]:
    """Two who decide, and two others who answer the holder."""
    from aduan.accounts.roles import Role
    from tests.factories.accounts import person

    names = ("one", "two", "three", "four")
    roles = (Role.REVIEWER, Role.REVIEWER, Role.APPROVER, Role.APPROVER)
    return [person(f"{name}@aduan.example", name, role) for name, role in zip(names, roles, strict=True)]


def _blocks(count: int, people: list[User]) -> list[Block]:
    """On a published list, each with an objection of its holder."""
    from aduan.cases.services import record_objection
    from aduan.operators.models import Operator
    from tests.factories.blocklists import a_block, published

    now, telkomsel = dt.datetime.now(dt.UTC), Operator.objects.get(code="telkomsel")
    made = [
        a_block(
            telkomsel,
            by=(people[0], people[1]),
            at=now - (count - turn) * _A_SIGNATURE,
            digits=_FIRST_NUMBER + turn * _APART,
        )
        for turn in range(count)
    ]
    published(telkomsel, at=now)
    for block in made:
        record_objection(block.case, at=now)
    return made


def _ready(folder: Path, manager: User) -> tuple[str, Path]:
    """An access key and the root to trust. The keys of `targets` go to their holders."""
    from aduan.blocklists.services import keys
    from aduan.operators.models import Operator

    (folder / "holders").mkdir()
    for held in keys.folder().glob("targets-*"):
        held.rename(folder / "holders" / held.name)
    return client_of(Operator.objects.get(code="telkomsel"), folder, manager=manager)


def _free(blocks: list[Block], people: list[User]) -> dict[str, float]:
    """Two others agree with each holder; when the second did, by the number."""
    from aduan.cases import services
    from aduan.cases.models import Case
    from tests.factories.accounts import step_up

    first, second = people[2:]
    signed = {}
    for block in blocks:
        case, at = Case.objects.get(pk=block.case_id), dt.datetime.now(dt.UTC)
        asked = services.request_settlement(
            case, by=first, step_up=step_up(first, at), at=at, seen_digest=case.contents_digest, upheld=True,
            reason="Nomor milik orang lain.",
        )  # fmt: skip
        at = dt.datetime.now(dt.UTC)
        services.confirm_settlement(
            asked, by=second, step_up=step_up(second, at), at=at, seen_digest=asked.seen_digest
        )
        signed[case.number_text.removeprefix("+")] = time.time()
        time.sleep(PAUSE)
    return signed


def _published(signed: dict[str, float]) -> dict[str, float]:
    """The stamp of the first list without each number: when the round began that published it."""
    from aduan.blocklists.models import BlockList, BlockListEntry

    found: dict[str, float] = {}
    lists = BlockList.objects.filter(series="block", state="published").order_by("pk")
    for removal in lists.exclude(published_at=None):
        rows = BlockListEntry.objects.filter(list_id=removal.pk).values_list("digits", flat=True)
        assert removal.published_at is not None
        for digits in signed.keys() - {str(one) for one in rows}:
            found.setdefault(digits, removal.published_at.timestamp())
    return found
