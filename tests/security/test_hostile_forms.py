"""Every form of the ministry's desk with what no page would send: refused with a sentence, never a 500.

The forms are read off the pages of a full desk; an address of the site that takes a form which none of these
pages shows is sent every field there is. Each answer is looked at as if its transaction had ended, and then
undone, so that every form meets the same desk.
"""

from __future__ import annotations

import collections
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings
from django.db import Error, connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import Resolver404, resolve

from aduan.accounts.models import User
from aduan.accounts.roles import MINISTRY_ROLES, Role
from aduan.cases.models import Case
from aduan.operators.models import Operator
from portal.staff.site import site
from tests.browser.staff.page_inventory import PageInventory
from tests.factories.accounts import person
from tests.portal.staff.login import log_in_staff
from tests.portal.test_access_matrix import SAMPLES, concrete
from tests.security.forms import Form, forms_of
from tests.security.hostile_values import VALUES, Sent, fault_in

pytestmark = pytest.mark.django_db
EACH = 5  # of how many forms the quick round takes one
NAMED = collections.defaultdict(lambda: "x", SAMPLES)


def everywhere(sent: dict[str, str], value: str | bytes) -> Sent:
    return [(name, value) for name in sent]


def misshapen(sent: dict[str, str]) -> Iterator[Sent]:
    """Fields that are missing, sent twice, or sent as many."""
    yield []
    for name in sent:
        yield [(kept, value) for kept, value in sent.items() if kept != name]
    yield [(name, value) for name, kept in sent.items() for value in (kept, "x", kept)]
    yield [*sent.items(), *((f"{name}[]", "1") for name in sent), ("__proto__", "1"), ("", "")]
    yield [*sent.items(), *(("cases", str(number)) for number in range(900))]


def request_names() -> dict[str, str]:
    """Every field that the desk's pages read, whether or not a page of today shows it."""
    texts = [path.read_text() for path in Path(settings.BASE_DIR, "portal", "staff").rglob("*.py")]
    read = re.findall(r'POST(?:\.get|\.getlist)?[(\[]"(\w+)"|"(\w+)" in request\.POST', "\n".join(texts))
    return {one or other: "1" for one, other in read}


@pytest.fixture
def desk(budi: User, citra: User, telkomsel: Operator, indosat: Operator) -> tuple[Client, list[str]]:
    """Someone who may do everything, and the addresses of a desk with something on every page."""
    pages = PageInventory(budi, citra, telkomsel, indosat).build()
    everyone = person("maya@aduan.example", "Maya", *(Role(role) for role in sorted(MINISTRY_ROLES)))
    client = log_in_staff(Client(raise_request_exception=False), everyone)
    return client, sorted({page.address for page in pages if page.address.startswith("/kelola/")})


def _route(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).route
    except Resolver404:
        return ""


def every_form(client: Client, addresses: list[str]) -> list[Form]:
    """One of a kind, and one for each address of the site that takes a form and is on none of the pages."""
    found: dict[tuple[str, ...], Form] = {}
    for address in addresses:
        for form in forms_of(client.get(address).content.decode(), address):
            if form.action.startswith("/kelola/"):
                found.setdefault((_route(form.action), *sorted(form.sent)), form)
    known, case = {route for route, *_names in found}, Case.objects.latest("pk")
    for page in site.pages.values():
        address = "/kelola" + concrete(re.sub(r"<int:\w+>", str(case.pk), page.route), NAMED)
        if _route(address) not in known:
            found[_route(address),] = Form(address, request_names())
    return list(found.values())


def _send(client: Client, address: str, sent: Sent) -> HttpResponseBase | str:
    """The answer, or the name of what the end of the transaction would have refused."""
    body = urlencode(sent, errors="surrogatepass")
    with transaction.atomic():
        answer = client.post(address, body, content_type="application/x-www-form-urlencoded")
        try:
            with connection.cursor() as cursor:  # in no savepoint of its own: its release would keep the mode
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        except Error as error:
            return f"at the end of the transaction: {error}"
        finally:
            transaction.set_rollback(True)
    return answer


def fault_of(client: Client, address: str, sent: Sent) -> str:
    """What was wrong with the answer; empty when nothing was."""
    answer = _send(client, address, sent)
    return answer if isinstance(answer, str) else fault_in(answer, address)


def _faults(
    client: Client,
    forms: list[Form],
    attacks: Callable[[int, dict[str, str]], Iterator[tuple[str, Sent]]],
) -> str:
    """A line for each fault."""
    wrong, asked = [], 0
    for turn, form in enumerate(forms):
        for way in form.ways():
            for name, sent in attacks(turn, way):
                asked += 1
                if fault := fault_of(client, form.action, sent):
                    wrong.append(f"{form.action} {name}: {fault} of {sorted(way)}"[:300])
    assert asked >= len(forms)
    return "\n".join(wrong)


def _by_turns(turn: int, sent: dict[str, str]) -> Iterator[tuple[str, Sent]]:
    kind = list(VALUES)[turn % len(VALUES)]
    yield kind, everywhere(sent, VALUES[kind])


def test_some_forms_with_a_hostile_value_each(desk: tuple[Client, list[str]]) -> None:
    """Every form with every value is a slow round."""
    client, addresses = desk
    forms = every_form(client, addresses)
    assert len(forms) > 60
    assert _faults(client, forms[::EACH], _by_turns) == ""


@pytest.mark.slow
@pytest.mark.parametrize("kind", VALUES)
def test_every_form_full_of_a_hostile_value(desk: tuple[Client, list[str]], kind: str) -> None:
    client, addresses = desk

    def full(_turn: int, sent: dict[str, str]) -> Iterator[tuple[str, Sent]]:
        yield kind, everywhere(sent, VALUES[kind])

    assert _faults(client, every_form(client, addresses), full) == ""


@pytest.mark.slow
def test_every_field_with_a_hostile_value_among_usual_ones(desk: tuple[Client, list[str]]) -> None:
    client, addresses = desk

    def field_by_field(turn: int, sent: dict[str, str]) -> Iterator[tuple[str, Sent]]:
        for number, wrong in enumerate(sent):
            kind = list(VALUES)[(turn + number) % len(VALUES)]
            yield (
                f"{kind} as {wrong}",
                [(name, VALUES[kind] if name == wrong else sent[name]) for name in sent],
            )

    assert _faults(client, every_form(client, addresses), field_by_field) == ""


@pytest.mark.slow
def test_every_form_misshapen(desk: tuple[Client, list[str]]) -> None:
    client, addresses = desk

    def shapes(_turn: int, sent: dict[str, str]) -> Iterator[tuple[str, Sent]]:
        for number, shape in enumerate(misshapen(sent)):
            yield f"shape {number}", shape

    assert _faults(client, every_form(client, addresses), shapes) == ""
