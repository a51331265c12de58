"""`manage.py rewrap_keys`: everything that lasts under the newest vault key, now instead of hour by hour."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aduan.appeals import services as appeals
from aduan.complaints import services as complaints
from aduan.operators import webhooks

SECONDS = 60  # between two lines


class Command(BaseCommand):
    help = "After a new key came first in ADUAN_VAULT_KEYS and everything was restarted. May be interrupted."

    def handle(self, *_args: Any, **_options: Any) -> None:
        others = webhooks.rewrap_secrets() + appeals.rewrap_addresses()
        renewed, begun = 0, time.monotonic()
        while done := complaints.rewrap_all_keys(seconds=SECONDS):
            renewed += done
            rate = renewed / max(time.monotonic() - begun, 0.001)
            self.stdout.write(f"{renewed:,} keys renewed, {rate:,.0f} a second")
        if left := complaints.old_keys():
            raise CommandError(
                f"{left} keys are still under an older key: locked now, or the log says why. Run it again."
            )
        self.stdout.write(
            f"Nothing that lasts is under an older key ({others} others renewed). It may go in a week,"
            " when no backup that is kept needs it."
        )
