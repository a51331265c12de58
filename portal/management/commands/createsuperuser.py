"""Refused: the portal has no superuser, and a single first person could not be given roles by anyone."""

from __future__ import annotations

from typing import Any, NoReturn

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Refused. Use create_first_administrators."
    requires_system_checks = ()

    def run_from_argv(self, argv: list[str]) -> None:
        """Whatever options are given, the answer is the same."""
        super().run_from_argv(argv[:2])

    def handle(self, *args: Any, **options: Any) -> NoReturn:
        raise CommandError(
            "There is no superuser here. The first two administrators are made by\n"
            "  manage.py create_first_administrators --administrator EMAIL NAME STAFF_NUMBER"
            " --administrator EMAIL NAME STAFF_NUMBER\n"
            "and they invite everybody else."
        )
