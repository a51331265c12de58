"""An authenticator app in everybody's pocket: the same secret for all, the code of now."""

from __future__ import annotations

import time

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp

from aduan.accounts.models import User

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
PERIOD = 30  # seconds a code is shown


def enrol(user: User) -> None:
    if not Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        totp.TOTP.activate(user, SECRET)


def code_now(offset: int = 0, *, lasting: int = 5) -> str:
    """The code on the app, once it is good for `lasting` seconds more: no earlier step is accepted."""
    left = PERIOD - time.time() % PERIOD
    if left < lasting:
        time.sleep(left)
    counter = next(iter(totp.yield_hotp_counters_from_time()))
    return str(totp.format_hotp_value(totp.hotp_value(SECRET, counter + offset)))
