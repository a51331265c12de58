"""A passkey by the real pages: Chromium's virtual authenticator registers it and proves it at the log-in."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import CDPSession, Page, expect
from pytest_django.live_server_helper import LiveServer

from aduan.core.audit_actions import AuditAction
from aduan.core.models import AuditLogEntry
from tests.browser.sessions import send_form
from tests.factories.accounts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def key(desk: Page) -> Iterator[CDPSession]:
    """A device with a fingerprint reader, always touched by the right person."""
    device = desk.context.new_cdp_session(desk)
    device.send("WebAuthn.enable")
    added = device.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    yield device
    device.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": added["authenticatorId"]})


def log_in(page: Page, base: str, email: str) -> None:
    page.goto(base + "/akun/login/")
    page.locator("#id_login").fill(email)
    page.locator("#id_password").fill(PASSWORD)
    page.keyboard.press("Enter")


def test_a_passkey_is_registered_and_opens_the_next_log_in(
    desk: Page, live_server: LiveServer, key: CDPSession, budi, settings
):
    settings.STAFF_SECOND_FACTOR = True
    base = live_server.url
    log_in(desk, base, budi.email)
    desk.wait_for_url("**/akun/2fa/")  # staff without a second factor are sent to set one up
    desk.goto(base + "/akun/2fa/webauthn/add/")
    desk.locator("#id_name").fill("Laptop kantor")
    desk.locator("#mfa_webauthn_add").click()
    desk.wait_for_url(re.compile("/akun/2fa/(recovery-codes/)?$"))
    assert Authenticator.objects.get(user=budi, type="webauthn").wrap().name == "Laptop kantor"
    desk.goto(base + "/akun/2fa/webauthn/")
    expect(desk.locator("main")).to_contain_text("Laptop kantor")

    desk.goto(base + "/akun/logout/")
    send_form(desk.locator("main form button[type=submit]"))
    log_in(desk, base, budi.email)
    desk.wait_for_url("**/akun/2fa/authenticate/")
    desk.goto(base + "/kelola/antrean/")  # the password alone opens nothing
    expect(desk).to_have_url(re.compile("/akun/"))
    desk.goto(base + "/akun/2fa/authenticate/")
    desk.locator("#mfa_webauthn_authenticate").click()
    desk.wait_for_url("**/kelola/antrean/")
    assert AuditLogEntry.objects.filter(action=AuditAction.USER_LOG_IN, actor=f"user:{budi.pk}").count() == 2
