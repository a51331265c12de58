"""Makes the first two administrators and prints a one-time link for each to set a password with."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone, translation

from aduan.accounts.services import NewPerson, create_first_administrators
from aduan.core.errors import DomainError
from portal.common.signin import password_link


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
        try:
            with translation.override("en"):
                users = create_first_administrators(people, at=timezone.now())
        except DomainError as refusal:
            with translation.override("en"):
                raise CommandError(str(refusal.message)) from refusal
        for user in users:
            self.stdout.write(f"{user.name} <{user.email}>\n  {password_link(user)}")
