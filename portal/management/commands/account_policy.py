"""`manage.py account_policy`: shows or changes what is asked of people before their signatures count."""

from __future__ import annotations

import argparse
import re
from typing import Any, Final

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction
from django.utils import timezone

from aduan.accounts.models import AccountPolicy
from aduan.accounts.models.policy import WAITING_HOURS
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from portal.management import migrator

_DOMAIN: Final = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


class Command(BaseCommand):
    help = (
        "Without options: the policy in force. With options: changes it, as the owner of the tables "
        "(ADUAN_MIGRATE_DATABASE_URL), and says so in the audit log."
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
            changed = self._changes(policy, options)
            if changed:
                self._save(policy, changed)
        self.stdout.write(f"waiting time: {policy.waiting_hours} h")
        self.stdout.write(f"step-up by password: {'yes' if policy.password_steps_up else 'no'}")
        self.stdout.write(f"official mailboxes: {', '.join(policy.mail_domains) or 'any'}")

    def _changes(self, policy: AccountPolicy, options: dict[str, Any]) -> dict[str, Any]:
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
        return wanted

    def _save(self, policy: AccountPolicy, changed: dict[str, Any]) -> None:
        try:
            with transaction.atomic():
                policy.save()
                audit_log.record(
                    AuditAction.ACCOUNT_POLICY_CHANGE,
                    actor="system",
                    subject="account_policy:1",
                    at=timezone.now(),
                    detail=changed,
                )
        except DatabaseError as error:
            raise CommandError(
                f"only the owner of the tables changes the policy (ADUAN_MIGRATE_DATABASE_URL): {error}"
            ) from error
