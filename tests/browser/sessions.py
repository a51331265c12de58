"""A person's session in a browser, as a log-in just now would have left it, and forms sent in it."""

from __future__ import annotations

import time
from typing import Final

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from playwright.sync_api import BrowserContext, Locator

from aduan.accounts.models import User
from portal.common.session_store import SessionStore

WITH_SECOND_FACTOR: Final = ("password", "mfa")


def sit_down(
    context: BrowserContext, user: User, url: str, *, methods: tuple[str, ...] = WITH_SECOND_FACTOR
) -> str:
    """Gives this browser the session; its key. `methods` of allauth have proved who this is."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["account_authentication_methods"] = [{"method": method, "at": time.time()} for method in methods]
    session["account_authentication_methods_user"] = str(user.pk)
    session.create()
    key = session.session_key or ""
    context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": url}])
    return key


def send_form(button: Locator) -> None:
    """Presses the button, waits for the page that answers: a click alone returns while the old one stands."""
    with button.page.expect_navigation():
        button.click()
