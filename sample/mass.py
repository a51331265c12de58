"""The mass for measuring: up to tens of millions of complaints, written by PostgreSQL itself, batch by batch.

Deterministic: everything is a hash of a row's number and the seed. Memory stays constant. What the services
would add but a measurement does not need is left out: contacts, evidence, traces, letters. Triggers and
constraints are all on: a block still needs two people.
"""

from __future__ import annotations

import datetime as dt
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from django.db import connection, transaction
from django.utils import timezone

from aduan.accounts.models import StepUpEvidence
from aduan.accounts.services import evidence_of
from aduan.complaints import fingerprints
from aduan.complaints.tickets import ALPHABET
from aduan.core.audit_actions import AuditAction
from aduan.numbers.queries import holder_of
from portal.management import migrator
from sample.people import Cast, step_up
from sample.plan import DAYS, PREFIXES
from sample.stories import stories

BATCH: Final = 200_000
PER_NUMBER: Final = 5  # complaints a number, on average
_DECIDED: Final = 0.3
ALIKE: Final = 6  # cases of a campaign

# Between 0 and 1, the same for the same row, salt and seed.
_DICE: Final = (
    "((hashint8extended(%(seed)s + {salt}, {row}) & 9223372036854775807)::float8 / 9223372036854775807)"
)
# Zipf with s = 0.8 over the numbers: the first gets about 1.5 % of all.
_RANK: Final = (
    "least(%(numbers)s, floor(power(1 + "
    + _DICE.format(salt=1, row="i")
    + " * (power(%(numbers)s + 1, 0.2) - 1), 5)))"
)
_SOURCE: Final = Path(__file__).parent / "mass.sql"


@functools.cache
def _statements() -> dict[str, str]:
    text = _SOURCE.read_text(encoding="utf-8")
    text = text.replace("[rank]", _RANK).replace("[dice]", _DICE.format(salt=7, row="l.rank"))
    parts = text.split("-- name: ")[1:]
    return {part.partition("\n")[0].strip(): part.partition("\n")[2] for part in parts}


def pour(
    count: int, *, seed: int, until: dt.datetime, cast: Cast, log_progress: Callable[[str], None]
) -> None:
    """Adds `count` complaints about `count / 5` numbers, of which every third is blocked by two people."""
    numbers = max(1, count // PER_NUMBER)
    prefixes = sorted(set(PREFIXES))
    given: dict[str, Any] = {
        "count": count,
        "numbers": numbers,
        "seed": seed,
        "start": until - dt.timedelta(days=DAYS),
        "until": until,
        "step": dt.timedelta(days=DAYS) / count,
        "prefixes": len(prefixes),
        "width": 6,
        "stories": len(stories()),
        "letters": ALPHABET,
        "decided": _DECIDED,
        "alike": ALIKE,
        "first": cast.first,
        "second": cast.second,
    }
    _prepare(prefixes)
    for what, statements, size in (
        ("numbers", ("numbers",), numbers),
        ("lines", ("lines",), 0),
        ("cases", ("cases",), numbers),
        ("complaints", ("complaints",), count),
        ("campaigns", ("campaigns",), numbers),
        ("decisions", ("propose", "sign", "confirm", "block", "record"), numbers),
    ):
        _in_batches(what, statements, size, given, log_progress)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE sample_line, sample_story, sample_prefix")
    with migrator.connected(), connection.cursor() as cursor:
        for table in ("numbers_phonenumber", "cases_case", "complaints_complaint", "cases_block"):
            cursor.execute(f"ANALYZE {table}")


def _in_batches(
    what: str,
    statements: tuple[str, ...],
    size: int,
    given: dict[str, Any],
    log_progress: Callable[[str], None],
) -> None:
    low = 1
    while low <= max(size, 1):
        high = min(low + BATCH - 1, max(size, 1))
        with transaction.atomic(), connection.cursor() as cursor:
            batch = {**given, "low": low, "high": high}
            if what == "decisions":
                batch |= _signatures(cursor, batch)
            for statement in statements:
                cursor.execute(_statements()[statement], batch)
        low = high + 1
        if size > BATCH:
            log_progress(f"{what}: {high} of {size}")
    if what == "lines":
        with connection.cursor() as cursor:
            cursor.execute("CREATE UNIQUE INDEX ON sample_line (rank)")
            cursor.execute("CREATE INDEX ON sample_line (case_id)")
            cursor.execute("CREATE INDEX ON sample_line (number_id)")
            cursor.execute("ANALYZE sample_line")


def _signatures(cursor: Any, batch: dict[str, Any]) -> dict[str, list[int]]:
    """Evidence of two people's step-ups for every case to decide, as the services store it."""
    cursor.execute(_statements()["chosen"], batch)
    cases = [case for (case,) in cursor.fetchall()]
    made = {}
    for name, person, act, days in (
        ("proposals", batch["first"], AuditAction.CASE_PROPOSE, 2),
        ("signatures", batch["second"], AuditAction.CASE_AGREE, 1),
    ):
        at = batch["until"] - dt.timedelta(days=days)
        proof = step_up(person, at)
        rows = [evidence_of(proof, act=act, subject=f"case:{case}", at=at, digest="mass") for case in cases]
        made[name] = [row.pk for row in StepUpEvidence.objects.bulk_create(rows, batch_size=500)]
    return made


def _prepare(prefixes: list[str]) -> None:
    today = timezone.localdate()
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS sample_line, sample_story, sample_prefix")
        cursor.execute(
            "CREATE TEMP TABLE sample_prefix (place int PRIMARY KEY, prefix text, operator_id bigint)"
        )
        for place, prefix in enumerate(prefixes):
            holding = holder_of(int(f"62{prefix[1:]}00000000"), on=today)
            cursor.execute(
                "INSERT INTO sample_prefix VALUES (%s, %s, %s)",
                [place, prefix[1:], holding.operator_id if holding and holding.routable else None],
            )
        cursor.execute(
            "CREATE TEMP TABLE sample_story (place int PRIMARY KEY, category text, channel text,"
            " text text, loss bigint, bands int[])"
        )
        for place, story in enumerate(stories()):
            cursor.execute(
                "INSERT INTO sample_story VALUES (%s, %s, %s, %s, %s, %s)",
                [
                    place,
                    story.category,
                    story.channel,
                    story.text,
                    500_000 if story.cost else None,
                    fingerprints.bands(story.text) or None,
                ],
            )
        cursor.execute(
            "CREATE TEMP TABLE sample_line (rank int, number_id bigint, complaints int, first_id bigint,"
            " last_id bigint, case_id bigint)"
        )
