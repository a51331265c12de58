"""Browsers of people who log in: password, then a second factor that they set up themselves."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import struct
import time

from tests.factories.accounts import PASSWORD
from tests.journeys.browser_client import BrowserClient, hidden
from tests.production.layout import HOST, Layout

SITE = f"https://{HOST}"
# Two administrators, who granted all roles two days ago: their signatures count by now.
MAKE = """
import datetime as dt, json
from django.utils import timezone
from aduan.accounts import services
from aduan.accounts.step_up import StepUp
from aduan.operators import members
from aduan.operators.models import Operator
at = timezone.now() - dt.timedelta(days=2)
admins = services.create_first_administrators(
    [services.NewPerson(f"admin{{n}}@aduan.example", f"Admin {{n}}", f"A{{n}}") for n in (1, 2)], at=at)
proof = [StepUp(one.pk, "second_factor", at) for one in admins]
for number, (email, role, operator) in enumerate(json.loads({people!r})):
    given = dict(name=email.split("@")[0].title(), staff_number=f"P{{number:06d}}")
    if operator:
        asked = members.request_first(
            Operator.objects.get(code=operator), email=email, **given, reason="Baru", by=admins[0], at=at,
            step_up=proof[0])
        user = members.approve_first(asked, by=admins[1], at=at, step_up=proof[1]).user
    else:
        user = services.invite(
            email=email, roles=[role], **given, reason="Baru", by=admins[0], at=at, step_up=proof[0])
        change = user.changes.get()
        user = services.confirm_account_change(change, by=admins[1], at=at, step_up=proof[1]).person
    user.set_password({password!r})
    user.save(update_fields=["password"])
"""
STAFF = ("budi@aduan.example", "reviewer", ""), ("citra@aduan.example", "reviewer", "")
OPERATORS = (
    ("dewi@telkomsel.example", "operator_person", "telkomsel"),
    (
        "eko@indosat.example",
        "operator_person",
        "indosat",
    ),
)


def make(layout: Layout) -> None:
    """Accounts with a password, from the console."""
    people = json.dumps([*STAFF, *OPERATORS])
    console(layout, MAKE.format(people=people, password=PASSWORD))


def console(layout: Layout, code: str) -> str:
    """`manage.py shell` in a container of the application."""
    return layout.run_once("python", "manage.py", "shell", "--no-imports", "-c", code).strip()


def citizen(layout: Layout) -> BrowserClient:
    browser = BrowserClient(SITE)
    browser.session = layout.session()
    return browser


def logged_in(layout: Layout, email: str) -> BrowserClient:
    browser = citizen(layout)
    browser.send("/akun/login/", {"login": email, "password": PASSWORD})
    page = browser.open("/akun/2fa/totp/activate/")
    found = re.search(r'id="authenticator-secret">([A-Z2-7]+)<', page)
    assert found, page[-3000:]
    answer = browser.session.post(  # from the page as it is: opened again, it shows another key
        f"{SITE}/akun/2fa/totp/activate/",
        data={"csrfmiddlewaretoken": hidden(page, "csrfmiddlewaretoken"), "code": one_time_code(found[1])},
        headers={"Referer": f"{SITE}/akun/2fa/totp/activate/"},
        timeout=60,
    )
    assert answer.status_code == 200, answer.text[-3000:]
    assert "totp/deactivate" in browser.open("/akun/2fa/")
    _step_up(browser, found[1])
    return browser


def _step_up(browser: BrowserClient, secret: str) -> None:
    """A signature asks for the second factor of the last quarter of an hour; a code is taken once."""
    path = "/akun/2fa/reauthenticate/"
    for _attempt in range(9):
        browser.send(path + "?next=/akun/2fa/", {"code": one_time_code(secret)})
        if path not in browser.address:
            return
        time.sleep(10)
    raise AssertionError("no code was taken")


def one_time_code(secret: str) -> str:
    """RFC 6238, six digits, 30 seconds."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1)
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06d}"
