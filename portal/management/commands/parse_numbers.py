"""Reads raw numbers from standard input and says what each is: for bulk checks at the console."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection
from django.utils import timezone, translation

from aduan.core.periods import local_date
from aduan.numbers import queries as numbers
from aduan.numbers.lookup import lookup_number
from aduan.numbers.protection import ProtectedSet, shipped_set
from aduan.operators import queries as operators
from aduan.operators.ranges import RangeTable, shipped_table


class Command(BaseCommand):
    help = (
        "One raw number a line (or, with --jsonl, objects with a key `raw`) from standard input; one JSON"
        " object a line to standard output: raw, e164, kind, operator, protected, error, message and more."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--jsonl", action="store_true", help='each line is an object like {"raw": "0812…"}'
        )
        parser.add_argument("--language", default="id", help="of the messages (default: id)")

    def handle(self, *args: Any, jsonl: bool, language: str, **options: Any) -> None:
        ranges, protected = self._register()
        today = local_date(timezone.now())
        source = io.TextIOWrapper(sys.stdin.buffer, "utf-8", errors="surrogateescape", newline="\n")
        try:
            with translation.override(language):
                for raw in _raws(source, jsonl=jsonl):
                    answer = lookup_number(raw, ranges=ranges, protected=protected, on=today)
                    self.stdout.write(json.dumps(answer, ensure_ascii=True))
        except BrokenPipeError:  # no one reads any more: `| head`
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        finally:
            source.detach()

    def _register(self) -> tuple[RangeTable, ProtectedSet]:
        """The register as it is in the database; the shipped facts when there is none to ask."""
        try:
            connection.ensure_connection()
            ranges, protected = operators.range_table(), numbers.protected_set()
        except DatabaseError:
            self.stderr.write("parse_numbers: no database, answering from the shipped data")
            return shipped_table(), shipped_set()
        if len(ranges) == 0:
            self.stderr.write("parse_numbers: the register is empty, answering from the shipped data")
            return shipped_table(), shipped_set()
        return ranges, protected


def _raws(source: TextIO, *, jsonl: bool) -> Iterator[str]:
    for number, line in enumerate(source, start=1):
        line = line.removesuffix("\n").removesuffix("\r")
        if not jsonl:
            yield line
        elif line.strip():
            yield _raw_of(line, number)


def _raw_of(line: str, number: int) -> str:
    try:
        raw = json.loads(line)["raw"]
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(f'line {number} is not an object with a key "raw"') from error
    if not isinstance(raw, str):
        raise CommandError(f'line {number}: "raw" is not a text')
    return raw
