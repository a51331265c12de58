"""`manage.py seed_sample [--complaints N] [--seed S]`.

An invented portal in full swing, the same for the same seed.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import random
import time
from argparse import ArgumentParser
from typing import Any, Final

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from aduan.blocklists.services import refresh_sandbox
from aduan.cases.services import rerank_waiting
from aduan.complaints.models import Complaint
from aduan.statistics.services import make_snapshot
from sample import holds, mass, people, plan, platforms
from sample.play import Play

LIVELY: Final = 320  # filed through the services; what goes beyond is written set by set
DEMO_PASSWORD: Final = "contoh-aduan-nomor"  # noqa: S105 - of invented people, printed for everybody


class Command(BaseCommand):
    help = "Invents people, complaints of the last 90 days, decisions, two months of lists and their answers."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--complaints", type=int, default=LIVELY, help="how many (default %(default)s)")
        parser.add_argument("--seed", type=int, default=2026)
        parser.add_argument("--password", default=os.environ.get("ADUAN_DEMO_PASSWORD", DEMO_PASSWORD))
        parser.add_argument(
            "--until", help="the day on which the sample ends, like 2026-11-23 (default: now)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError(
                "This invents complaints and log-ins with a known password: not in production."
            )
        if options["complaints"] < 1:
            raise CommandError("--complaints must be at least 1.")
        if Complaint.objects.exists():
            raise CommandError("There are complaints already. `make reset` forgets them.")
        start = time.monotonic()
        call_command("load_reference", stdout=io.StringIO())
        until = self._until(options["until"])
        cast = people.invite(options["password"], until=until)
        lively = min(options["complaints"], LIVELY)
        dice = random.Random(options["seed"])  # noqa: S311 - a sample, not a secret
        drawn = plan.draw(
            max(1, lively - platforms.REPORTED - holds.FILED), seed=options["seed"], until=until
        )
        played = Play(cast, dice, until, self._say).run(drawn)
        if options["complaints"] > lively:
            mass.pour(
                options["complaints"] - Complaint.objects.count(),
                seed=options["seed"],
                until=until,
                cast=cast,
                log_progress=self._say,
            )
        rerank_waiting(at=until)  # the days of the sample passed without a worker
        refresh_sandbox(at=until)
        make_snapshot(at=until)
        self._say(
            f"{Complaint.objects.count()} complaints, {played.decided} cases decided, {played.lists} lists,"
            f" {played.answers} answers, in {time.monotonic() - start:.0f} s"
        )

    def _until(self, day: str | None) -> dt.datetime:
        if not day:
            return timezone.now()
        try:
            return dt.datetime.combine(
                dt.date.fromisoformat(day), dt.time(12), timezone.get_default_timezone()
            )
        except ValueError as error:
            raise CommandError(f"{day} is no date; write it like 2026-11-23.") from error

    def _say(self, text: str) -> None:
        self.stdout.write(f"sample: {text}")
        self.stdout.flush()
