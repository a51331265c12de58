"""Promise: the model of the policies says what the services do, within 5 %. SIZE is complaints.

A small world runs through the real services once per policy, on a database of its own and a turned clock,
two policies at a time.
Then the model draws a thousand years and `docs/policy.md` is written. Same seed, same bytes.
"""

from __future__ import annotations

import dataclasses
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection

from bench.database import load_register, scratch, use
from bench.outcome import Outcome
from bench.policy_twin import model, page, world
from bench.policy_twin.cuts import Cuts, Figures, figures
from bench.policy_twin.parameters import USUAL
from bench.policy_twin.policies import POLICIES, Policy
from bench.policy_twin.services import Services
from bench.policy_twin.study import SEED, study
from bench.policy_twin.world import World

SIZES = (2_000,)
DRAWS: Final = 1_000
PROCESSES: Final = 2  # ten minutes are promised on two cores
LIMIT: Final = 0.05
_COMPARED: Final = ("avoided", "wrong_hours", "staff_hours")
# With these the small world has holds, wrong ones too, and new holders within its three months.
SMALL: Final = dataclasses.replace(
    USUAL, late=0.5, wrong=0.15, brigades=0.3, holds_innocent=0.5, blocks_innocent=0.1, contacts=100,
    reporting=0.2, recycling_days=70,
)  # fmt: skip


def measure(size: int) -> Outcome:
    began = time.monotonic()
    small = world.draw(SMALL, seed=SEED, complaints=size, days=30, horizon_days=92)
    with scratch("register", load_register) as register:
        connection.close()  # a session is of one process
        # The last ones do most, so they begin.
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
            played = list(pool.map(partial(_play, small, register), reversed(POLICIES)))
    pairs = {
        policy.name: (figures(small, made, SMALL), figures(small, model.cuts(small, policy, SMALL), SMALL))
        for policy, made in zip(POLICIES, reversed(played), strict=True)
    }
    agreement = {name: difference(*pair) for name, pair in pairs.items()}
    if size == SIZES[0]:
        page.write(study(DRAWS), agreement, len(small.complaint_at))
    rows = [(name, _row(pair[0], agreement[name])) for name, pair in pairs.items()]
    return Outcome(
        title=f"services against model, {len(small.complaint_at):,} complaints, {small.numbers:,} numbers",
        runs=len(pairs),
        median_ratio=max(agreement.values()),
        floor=0.0,
        limit=LIMIT,
        sense="most",
        rows=[*rows, ("seconds", f"{time.monotonic() - began:.0f}")],
        more={name: dataclasses.asdict(pair[0]) for name, pair in pairs.items()},
    )


def _play(small: World, register: str, policy: Policy) -> Cuts:
    """One policy by the real services, in a process of the pool."""
    with _copy(register, policy):
        return Services(small, policy, SMALL).run()


def difference(services: Figures, reckoned: Figures) -> float:
    """The largest of the three measures, as a share of what the services did."""
    pairs = ((getattr(services, name), getattr(reckoned, name)) for name in _COMPARED)
    return max(abs(one - other) / one if one else float(other > 0) for one, other in pairs)


def _row(made: Figures, off: float) -> str:
    return (
        f"{made.avoided:.1%} avoided, {made.held} held ({made.held_wrongly} wrongly), {made.blocked} blocked"
        f" ({made.blocked_wrongly}), {made.wrong_hours:,.0f} h wrongly, off {off:.2%}"
    )


@contextmanager
def _copy(register: str, policy: Policy) -> Iterator[None]:
    """A database with the register alone, and an empty folder of lists."""
    own = f"aduan_bench_twin_{policy.name}"
    connection.close()
    use("postgres")
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {own} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {own} TEMPLATE {register}")
    use(own)
    try:
        with tempfile.TemporaryDirectory(prefix="aduan-twin-", dir="/tmp") as where:
            settings.KEYS_DIR, settings.PUBLISH_ROOT = Path(where) / "keys", Path(where) / "lists"
            yield
    finally:
        use("postgres")
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {own} WITH (FORCE)")
        use(register)
