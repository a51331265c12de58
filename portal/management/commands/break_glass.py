"""`manage.py break_glass`: one more administrator, when fewer than two can act."""

from __future__ import annotations

import argparse
from typing import Any, Final

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.accounts.services import NewPerson, break_glass
from aduan.cases.services import announce_new_decider
from aduan.notifications.services import enqueue_message
from portal.common.signin import password_link
from portal.management import migrator
from portal.management.refusals import english_refusals

_ROLES: Final = [Role.LEAD, Role.AUDITOR, Role.ADMINISTRATOR]


class Command(BaseCommand):
    help = (
        "Makes one administrator as the owner of the tables (ADUAN_MIGRATE_DATABASE_URL), only while fewer "
        "than two can act. It stands in the audit log, raises an alarm, and each lead, auditor and "
        "administrator gets a letter with the reason. What the new one signs counts after the waiting time."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument(
            "--administrator", nargs=3, required=True, metavar=("EMAIL", "NAME", "STAFF_NUMBER")
        )
        parser.add_argument("--reason", required=True, help="who ordered it, and why; everyone reads it")

    def handle(self, *args: Any, administrator: list[str], reason: str, **options: Any) -> None:
        at = timezone.now()
        with english_refusals(), migrator.connected(), transaction.atomic():
            user = break_glass(NewPerson(*administrator), reason=reason, at=at)
            announce_new_decider(user, at=at)
            notified = User.objects.filter(is_active=True, roles__overlap=_ROLES).exclude(pk=user.pk)
            context = {"name": user.name, "staff_number": user.staff_number, "reason": reason[:500]}
            for person in notified:
                enqueue_message(
                    "break_glass",
                    key=f"break_glass:{user.pk}:{person.pk}",
                    to=person.email,
                    language="id",
                    context=context,
                    at=at,
                )
            link = password_link(user)
        self.stdout.write(f"{user.name} <{user.email}>\n  {link}")
        self.stdout.write(f"{len(notified)} people get a letter about it; it stands in the audit log.")
