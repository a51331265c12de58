"""`manage.py renew_sample [--every SECONDS]`: keeps what would leave the demo with time."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, connection
from django.utils import timezone

from sample.holds import renew_candidate


class Command(BaseCommand):
    help = "Brings a new candidate of a hold to the desk where none waits. Does nothing without the sample."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=int, help="again after so many seconds (default: once)")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("This invents complaints: not in production.")
        self._renew()
        while options["every"]:
            time.sleep(options["every"])
            try:
                self._renew()
            except OperationalError as error:  # a server that starts again: the next turn finds it
                self.stderr.write(f"sample: {error}")
            finally:
                connection.close()

    def _renew(self) -> None:
        number = renew_candidate(at=timezone.now())
        if number is not None:
            self.stdout.write(f"sample: three people complained about {number}")
            self.stdout.flush()
