"""Sitting down at the desk: a session as the log-in leaves it, with or without a fresh proof of identity."""

from __future__ import annotations

import time

from django.test import Client

from aduan.accounts.models import User
from tests.portal.second_factor import enrol


def log_in_staff(client: Client, user: User, *, proved_minutes_ago: float = 1) -> Client:
    """Logs in by password and second factor, and notes when that was, in the words that allauth uses."""
    enrol(user)
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": method, "at": time.time() - 60 * proved_minutes_ago} for method in ("password", "mfa")
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client
