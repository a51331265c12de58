"""Opens the sandbox, in which operators' engineers try everything out; see docs/operators.md."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists.services import open_sandbox, refresh_sandbox
from portal.management.refusals import english_refusals


class Command(BaseCommand):
    help = (
        "An operator of its own whose lists hold numbers that no one has. Then give its engineers log-ins, as"
        " for any operator. Doing it again changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--by", required=True, metavar="EMAIL", help="who manages lists")

    def handle(self, *args: Any, by: str, **options: Any) -> None:
        person = User.objects.filter(email=by, is_active=True).first()
        if person is None:
            raise CommandError(f"No one works here under {by}.")
        with english_refusals():
            sandbox = open_sandbox(by=person, at=timezone.now())
            refresh_sandbox(at=timezone.now())
        self.stdout.write(f"The sandbox is open: operator {sandbox.code}.")
