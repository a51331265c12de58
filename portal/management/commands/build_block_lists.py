"""`manage.py build_block_lists [--period 2026-10] [--operator telkomsel]`.

What the clock does, from the console.
"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aduan.blocklists import services
from aduan.core import jobs
from aduan.core.errors import DomainError
from aduan.core.periods import last_ended, parse_month
from aduan.operators.models import Operator


class Command(BaseCommand):
    help = "Build and publish every monthly block list that is missing. Safe to repeat."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--period", help="the newest month wanted, like 2026-10 (default: last ended)")
        parser.add_argument("--operator", help="only this operator's code")

    def handle(self, *args: Any, **options: Any) -> None:
        at = jobs.now()
        try:
            until = parse_month(options["period"]) if options["period"] else last_ended(at)
            if until > last_ended(at):
                raise CommandError(f"{until} has not ended yet.")
            operator = None
            if options["operator"]:
                operator = Operator.objects.filter(code=options["operator"]).first()
                if operator is None:
                    raise CommandError(f"There is no operator {options['operator']}.")
            made = services.build_missing(at=at, until=until, operator=operator)
        except DomainError as refusal:
            raise CommandError(str(refusal)) from refusal
        for block_list in made:
            why = ", ".join(reason["code"] for reason in block_list.stop_reasons)
            self.stdout.write(
                f"{block_list.manifest['folder']}: {block_list.count} numbers,"
                f" +{block_list.added_count} -{block_list.removed_count},"
                f" {block_list.state}{f' ({why})' if why else ''}"
            )
        if not made:
            self.stdout.write("Nothing is missing.")
