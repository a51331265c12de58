"""`manage.py account_policy`: shows or changes what is asked of people before their signatures count."""

from __future__ import annotations

import argparse
import re
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError

from aduan.accounts.models import AccountPolicy
from aduan.accounts.models.policy import WAITING_HOURS
from portal.management import migrator

_DOMAIN: Final = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


class Command(BaseCommand):
    help = (
        "Without options: the policy in force. With options: changes it, as the owner of the tables "
        "(ADUAN_MIGRATE_DATABASE_URL). The audit log says so, and administrators, leads and auditors get a "
        "letter."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--waiting-hours", type=int, help=f"between a grant and signatures that count ({WAITING_HOURS})"
        )
        parser.add_argument(
            "--mail-domains", metavar="LIST", help="official mailboxes, separated by commas; '' for any"
        )
        parser.add_argument(
            "--password-steps-up", choices=["yes", "no"], help="demonstrations only: no second factor asked"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        with migrator.connected():
            policy = AccountPolicy.current()
            if self._apply(policy, options):
                self._save(policy)
        self.stdout.write(f"waiting time: {policy.waiting_hours} h")
        self.stdout.write(f"step-up by password: {'yes' if policy.password_steps_up else 'no'}")
        self.stdout.write(f"official mailboxes: {', '.join(policy.mail_domains) or 'any'}")

    def _apply(self, policy: AccountPolicy, options: dict[str, Any]) -> bool:
        wanted: dict[str, Any] = {}
        if (hours := options["waiting_hours"]) is not None:
            if not 0 <= hours <= 720:
                raise CommandError("--waiting-hours: 0 to 720")
            wanted["waiting_hours"] = hours
        if (answer := options["password_steps_up"]) is not None:
            wanted |= {"password_steps_up": answer == "yes"}
        if options["mail_domains"] is not None:
            names = [name.strip().lower() for name in options["mail_domains"].split(",") if name.strip()]
            if wrong := [name for name in names if not _DOMAIN.fullmatch(name)]:
                raise CommandError(f"--mail-domains: {', '.join(wrong)} is no domain")
            wanted["mail_domains"] = sorted(set(names))
        for name, value in wanted.items():
            setattr(policy, name, value)
        if wanted and policy.demonstration and settings.PRODUCTION:
            raise CommandError(
                f"production asks for the second factor and {WAITING_HOURS} hours: nothing was changed"
            )
        return bool(wanted)

    def _save(self, policy: AccountPolicy) -> None:
        """A trigger writes it into the audit log."""
        try:
            policy.save()
        except DatabaseError as error:
            raise CommandError(
                f"only the owner of the tables changes the policy (ADUAN_MIGRATE_DATABASE_URL): {error}"
            ) from error
