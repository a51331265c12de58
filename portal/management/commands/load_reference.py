"""Loads the facts the project ships: operators, number ranges, protected numbers. Safe at every start."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from aduan.numbers import services as numbers
from aduan.operators.services import reference as operators


class Command(BaseCommand):
    help = "Adds the reference data that is missing; overwrites nothing that people have changed."

    def handle(self, *args: Any, **options: Any) -> None:
        added = operators.load_reference() | {"protected_numbers": numbers.load_reference()}
        for what, count in added.items():
            self.stdout.write(f"{what}: {count} added")
