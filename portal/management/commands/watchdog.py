"""`manage.py watchdog https://…`: for cron on another machine; silent while all is well."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.management.watchdog import Limits, faults, is_address


class Command(BaseCommand):
    help = (
        "Looks at the portal by HTTP alone. Says nothing while all is well, so that cron mails only faults "
        "(MAILTO). Exit code 1 when there is one. Needs no settings: any machine with the sources will do."
    )
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("site", help="https://aduan.example.go.id")
        parser.add_argument(
            "--metrics", default="", help="the monitor's address, where this machine reaches it"
        )
        parser.add_argument("--seconds", type=float, default=Limits().seconds, help="a page may take so long")
        parser.add_argument(
            "--days", type=float, default=Limits().days, help="a certificate must last so long"
        )
        parser.add_argument(
            "--trusted", type=Path, help="a file of certificates to trust instead of the system's"
        )

    def handle(self, *_args: Any, site: str, metrics: str, trusted: Path | None, **options: Any) -> None:
        for address in filter(None, (site, metrics)):
            if not is_address(address):
                raise CommandError(f"{address} is no address: write https://…")
        limits = Limits(options["seconds"], options["days"])
        given = str(trusted) if trusted else None
        found = list(faults(site.rstrip("/"), limits=limits, metrics=metrics, trusted=given))
        for sentence in found:
            self.stdout.write(sentence)
        if found:
            raise CommandError(f"{len(found)} faults at {site}")
