"""`manage.py personal_data`: what is kept about one complainant or objector, for a request of theirs."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aduan.appeals import services as appeals
from aduan.complaints import services as complaints
from aduan.core import jobs


class Command(BaseCommand):
    help = (
        "Writes every complaint and every objection of the person with this contact as JSON; with --erase "
        "erases the complaints. Make sure first that the contact is theirs. It is on record in the audit log."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", default="")
        parser.add_argument("--phone", default="", help="exactly as it was given in the form")
        parser.add_argument("--erase", action="store_true")

    def handle(self, *_args: Any, email: str, phone: str, erase: bool, **_options: Any) -> None:
        if not (email or phone):
            raise CommandError("give --email or --phone")
        found = complaints.disclose_personal_data(email=email, phone=phone, at=jobs.now())
        objected = appeals.disclose_objections(email, at=jobs.now()) if email else []
        everything = {"complaints": found, "objections": objected}
        self.stdout.write(json.dumps(everything, ensure_ascii=False, indent=2))
        if erase:
            for complaint in complaints.complaints_of_contact(email=email, phone=phone):
                complaints.erase(complaint, by=None, at=jobs.now())
            self.stderr.write(f"{len(found)} complaints erased: run `manage.py backup files` for the journal")
            if objected:
                kept = appeals.STATEMENT_RETENTION.days
                self.stderr.write(
                    f"{len(objected)} objections stay: they are erased {kept} days after their answer"
                )
