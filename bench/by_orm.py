"""What bench.lists compares with: lists made as most would make them with Django's ORM.

Doing the same: iterate over the blocks, look at each as the guards do, bulk_create the entries 5,000 at a
time, write the nine files with csv, json and plain lines, make them durable, digest and sign them. The table
is like ours, without foreign keys, so this is not slowed down by checks that we do not make.
"""

from __future__ import annotations

import collections
import csv
import hashlib
import json
import os
import re
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from django.db import connection, transaction

from aduan.blocklists import signing, stop_rules
from aduan.blocklists.models import BlockList, BlockListEntry
from aduan.cases.models import Block
from aduan.numbers.models import ProtectedNumber
from aduan.operators.models import NumberRange

BATCH = 5000
PARTS = ("block", "added", "removed")
CATEGORY = re.compile(r"[A-Z0-9_]+")


def seconds_for(rows: int) -> float:
    """For lists of all operators that hold `rows` numbers together."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_orm")
        cursor.execute(
            "CREATE TABLE bench_orm (LIKE blocklists_blocklistentry, PRIMARY KEY (list_id, digits))"
        )
    lists = BlockList.objects.order_by("-pk").values_list("operator_id", "pk")
    table, BlockListEntry._meta.db_table = BlockListEntry._meta.db_table, "bench_orm"
    start, left = time.perf_counter(), rows
    for operator, list_id in sorted(dict(lists).items()):
        with tempfile.TemporaryDirectory(dir="/tmp") as folder, transaction.atomic():
            left -= _build(Path(folder), operator, list_id, left)
    took = time.perf_counter() - start
    BlockListEntry._meta.db_table = table
    if left:
        raise RuntimeError(f"{left} numbers are missing")
    return took


def _build(folder: Path, operator: int, list_id: int, most: int) -> int:
    files = {
        suffix: [(folder / f"{part}.{suffix}").open("w", newline="") for part in PARTS]
        for suffix in ("csv", "json", "txt")
    }
    writers = [csv.writer(file) for file in files["csv"]]
    batch: list[BlockListEntry] = []
    made = 0
    for block in _checked(operator, most):
        fields = {"since": block.valid_from, "until": block.valid_until, "category": block.category}
        batch.append(
            BlockListEntry(
                list_id=list_id, digits=block.digits or 0, case_id=block.case_id, is_new=True, **fields
            )
        )
        line = [block.digits, "block", *fields.values(), block.case.reference]
        row = json.dumps(line, default=str) + "\n"
        for part in range(2):  # block.* and, as a first list adds all its numbers, added.*
            writers[part].writerow(line)
            files["json"][part].write(row)
            files["txt"][part].write(f"{block.digits}\n")
        if len(batch) == BATCH:
            BlockListEntry.objects.bulk_create(batch)
            made += len(batch)
            batch.clear()
    BlockListEntry.objects.bulk_create(batch)
    _finish([file for of_suffix in files.values() for file in of_suffix])
    return made + len(batch)


def _finish(files: Iterable[TextIO]) -> None:
    key = signing.new_key()
    for file in files:
        file.flush()
        os.fsync(file.fileno())
        file.close()
        hashlib.sha256(Path(file.name).read_bytes()).hexdigest()
        signing.sign_file(Path(file.name), key)


def _checked(operator: int, most: int) -> Iterator[Block]:
    """The blocks in force, each looked at as aduan.blocklists.services.stop_checks_sql looks at the set."""
    holders = {row.prefix: row.operator_id for row in NumberRange.objects.all()}
    longest = max(map(len, holders))
    protected = tuple(
        pattern.strip("+*") for pattern in ProtectedNumber.objects.values_list("pattern", flat=True)
    )
    together: collections.Counter[int] = collections.Counter()
    blocks = Block.objects.filter(operator=operator, requested_action="block", released_at=None)
    for block in blocks.select_related("case", "proposal").order_by("digits")[:most].iterator(BATCH):
        number, proposal = str(block.digits), block.proposal
        together[int(number) // stop_rules.PREFIX_BLOCK] += 1
        prefixes = (number[:length] for length in range(longest, 0, -1))
        fits = (
            proposal.state == "confirmed"
            and proposal.second_agrees
            and proposal.second_by_id != proposal.proposed_by_id
            and block.case.objection_since is None
            and next((holders[prefix] for prefix in prefixes if prefix in holders), None) == operator
            and not (protected and number.startswith(protected))
            and CATEGORY.fullmatch(block.category)
        )
        if not fits:
            raise RuntimeError(f"{number} is wrong")
        yield block
