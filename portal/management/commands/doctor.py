"""`manage.py doctor`: looks at everything a first-aider would look at, and says what to do."""

from __future__ import annotations

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from portal.management.doctor import machine, servers
from portal.management.doctor.report import Check, Level, Observation, alarm, examine, well

EXAMINATIONS: Final[tuple[Check, ...]] = (
    servers.database,
    servers.clock,
    servers.settings_of_production,
    servers.broker,
    servers.scheduled_tasks,
    servers.incidents,
    servers.backups,
    servers.list_keys,
    machine.disks,
    machine.secrets,
    machine.evidence_store,
    machine.sandbox,
    machine.virus_scanner,
    machine.base_images,
    machine.delivery_log,
    machine.audit_heads,
    machine.administrators,
)


class Command(BaseCommand):
    help = (
        "Looks at everything a first-aider would look at, and says what to do. Exit code 1 when something "
        "must be done. Run it in the part `worker`, which may reach mail server and gateway."
    )
    requires_system_checks: tuple[str, ...] = ()  # a broken setting is a finding, no reason to end

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--mail", metavar="ADDRESS", help="send a test mail there")
        parser.add_argument("--sms", metavar="NUMBER", help="send a test code to this telephone")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *_args: Any, mail: str | None, sms: str | None, **options: Any) -> None:
        found: list[Observation] = []
        for finding in self._findings(mail, sms):
            self._say(finding, as_json=options["json"])
            found.append(finding)
        alarms = sum(one.level is Level.ALARM for one in found)
        if alarms:
            raise CommandError(f"{alarms} things must be done")

    def _findings(self, mail: str | None, sms: str | None) -> Iterator[Observation]:
        for check in EXAMINATIONS:
            yield from examine(check)
        if mail:
            yield from examine(lambda: _test_mail(mail))
        if sms:
            yield from examine(lambda: _test_code(sms))

    def _say(self, finding: Observation, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(asdict(finding), ensure_ascii=False))
            return
        styles = {
            Level.WELL: self.style.SUCCESS,
            Level.ATTENTION: self.style.WARNING,
            Level.ALARM: self.style.ERROR,
        }
        self.stdout.write(styles[finding.level](f"{finding.level:9}  {finding.sentence}"))
        if finding.advice:
            self.stdout.write(f"           → {finding.advice}")


def _test_mail(address: str) -> Iterator[Observation]:
    """Straight to the mail server: the outbox would answer too late."""
    text = "Pesan percobaan dari Aduan Nomor. / A test message of Aduan Nomor."
    try:
        sent = EmailMessage("Percobaan / Test", text, settings.DEFAULT_FROM_EMAIL, [address]).send()
    except OSError as error:  # smtplib's errors are OSErrors
        yield alarm(
            f"the mail server took no test mail: {type(error).__name__}",
            "look at ADUAN_EMAIL_URL, and its log",
        )
        return
    if sent:
        yield well("the mail server took a test mail: look whether it arrives, and not as spam")
    else:
        yield alarm("the mail server took nothing", "look at ADUAN_EMAIL_URL")


def _test_code(number: str) -> Iterator[Observation]:
    try:
        import_string(settings.SMS_GATEWAY)(
            number, "Aduan Nomor: 000000 (percobaan / test)", f"doctor-{int(time.time())}"
        )
    except OSError as error:
        yield alarm(
            f"the SMS gateway took no test code: {error}", "look at ADUAN_SMS_URL, its headers and its body"
        )
        return
    yield well("the SMS gateway took a test code: look whether it arrives")
