"""Failed log-ins on record: one entry at the 1st, 10th, 100th … of an account within an hour, no more.

They are counted in the shared cache, per account, step and hour. A flood thus adds a handful of entries to
the audit log, and each says how many there were. Addresses without an account are in the log lines alone.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.utils import timezone

from aduan.accounts import services
from aduan.accounts.models import User
from portal.common.rate_limits import count_hit

_HOUR: Final = dt.timedelta(hours=1)


def note_failure(*, email: str, second_factor: bool = False) -> None:
    """A wrong password, or a wrong code of the second factor, for this address."""
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        return
    now = timezone.now()
    hour = now.replace(minute=0, second=0, microsecond=0)
    step = "second_factor" if second_factor else "password"
    attempts = count_hit(
        f"failed_log_in:{step}:{user.pk}:{hour:%Y%m%d%H}", seconds=int(_HOUR.total_seconds())
    )
    if attempts is None or _is_power_of_ten(attempts):
        services.note_failed_log_in(user, attempts=attempts, second_factor=second_factor, hour=hour, at=now)


def _is_power_of_ten(count: int) -> bool:
    return str(count).strip("0") == "1"
