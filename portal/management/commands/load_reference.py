"""Loads the facts the project ships: operators, ranges, protected numbers, reasons. Safe at every start."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from aduan.cases import services as cases
from aduan.numbers import services as numbers
from aduan.operators.services import reference as operators


class Command(BaseCommand):
    help = "Adds the reference data that is missing; overwrites nothing that people have changed."

    def handle(self, *args: Any, **options: Any) -> None:
        added = operators.load_reference() | {
            "protected_numbers": numbers.load_reference(),
            "reasons": cases.load_reasons(),
        }
        for what, count in added.items():
            self.stdout.write(f"{what}: {count} added")
        cases.sync_lookalike_flags(at=timezone.now())
