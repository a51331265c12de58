"""Opens the sandboxes, in which engineers try everything out; see docs/operators.md and docs/platforms.md."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists.services import open_sandbox, refresh_sandbox
from aduan.referrals.services import open_platform_sandbox
from portal.management.refusals import english_refusals


class Command(BaseCommand):
    help = (
        "An operator whose lists hold numbers that no one has, and a platform that is asked about an account"
        " that no one has. Invite the first engineer of each on the page Operators and platforms. Doing it"
        " again changes nothing."
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
            platform = open_platform_sandbox(by=person, at=timezone.now())
        self.stdout.write(f"The sandboxes are open: operator {sandbox.code}, platform {platform.code}.")
