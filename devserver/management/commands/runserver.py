"""`manage.py runserver` of `make dev`: Django's, on loopback only."""

from typing import Any

from django.contrib.staticfiles.management.commands.runserver import Command as Runserver
from django.core.management.base import CommandError

from aduan.environment import is_loopback


class Command(Runserver):
    def run(self, **options: Any) -> None:
        """Raises CommandError for an address that another machine could reach."""
        address = str(self.addr)  # type: ignore[attr-defined]  # set by handle()
        if not is_loopback(address):
            raise CommandError(f"{address} can be reached from other machines; the debug page may not.")
        super().run(**options)
