"""Makes the first two administrators and prints a one-time link for each to set a password with."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from aduan.accounts.services import NewPerson, create_first_administrators
from portal.common.signin import password_link
from portal.management.refusals import english_refusals


class Command(BaseCommand):
    help = (
        "Two administrators, who invite all others. Hand each their own link: it works once, in three days."
        " Repeat the command for new links while neither has set a password."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--administrator",
            nargs=3,
            action="append",
            required=True,
            metavar=("EMAIL", "NAME", "STAFF_NUMBER"),
            help="given twice, for two different people",
        )

    def handle(self, *args: Any, administrator: list[list[str]], **options: Any) -> None:
        people = [NewPerson(*words) for words in administrator]
        with english_refusals():
            users = create_first_administrators(people, at=timezone.now())
        for user in users:
            self.stdout.write(f"{user.name} <{user.email}>\n  {password_link(user)}")
