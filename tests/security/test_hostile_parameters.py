"""Every page with what no link of ours would ask: an answer with a sentence or the page, never a 500.

The names are read off the links and forms of the pages, and out of the code that reads them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from aduan.accounts.models import User
from aduan.accounts.roles import MINISTRY_ROLES, Role
from aduan.blocklists.models import BlockList
from aduan.blocklists.queries import name_of
from aduan.operators.models import Operator
from tests.browser.staff.page_inventory import PageInventory
from tests.factories.accounts import person
from tests.portal.api.conftest import key_of, machine
from tests.portal.staff.login import log_in_staff
from tests.portal.test_access_matrix import (
    MACHINE,
    MINISTRY,
    OPERATOR,
    PUBLIC,
    ROUTES,
    SAMPLES,
    concrete,
    interface_of,
    logged_in,
)  # fmt: skip
from tests.security.forms import forms_of
from tests.security.hostile_values import VALUES, fault_in

pytestmark = pytest.mark.django_db
READ = re.compile(r'GET(?:\.get|\.getlist)?[(\[]"(\w+)"')
LINKED = re.compile(r"[?&;](\w+)=")
EACH = 9  # of how many pages the quick round takes one
ASKING = (
    "/kelola/antrean/", "/kelola/audit/", "/kelola/cases/cannedreason/", "/kelola/daftar/",
    "/operator/berlaku/",
)  # fmt: skip
Pages = list[tuple[Client, str]]


def _texts(folder: str, pattern: str) -> str:
    return "\n".join(path.read_text() for path in Path(settings.BASE_DIR, folder).rglob(pattern))


def names_of(pages: Pages) -> list[str]:
    """Every parameter that the code reads, or that a page sends."""
    found = set(READ.findall(_texts("portal", "*.py"))) | set(LINKED.findall(_texts("templates", "*.html")))
    for client, address in pages:
        if address in ASKING:
            asked = forms_of(client.get(address).content.decode(), address, "get")
            assert asked, f"{address} has no form that asks"
            found |= {name for form in asked for name in form.sent}
    return sorted(found)


@pytest.fixture
def pages(budi: User, citra: User, eko: User, telkomsel: Operator, indosat: Operator) -> Pages:
    """Each page with someone who may open it: a full desk, an operator's people and machine, a citizen."""
    inventory = PageInventory(budi, citra, telkomsel, indosat).build()
    everyone = person("maya@aduan.example", "Maya", *(Role(role) for role in sorted(MINISTRY_ROLES)))
    clients = {
        MINISTRY: log_in_staff(Client(raise_request_exception=False), everyone),
        OPERATOR: logged_in(eko),
        MACHINE: machine(key_of(eko)),
        PUBLIC: Client(raise_request_exception=False),
    }
    clients[MACHINE].raise_request_exception = False
    samples = defaultdict(lambda: "x", SAMPLES | {"name": name_of(BlockList.objects.get(operator=indosat))})
    found = {page.address: clients[MINISTRY] for page in inventory if page.address.startswith("/kelola/")}
    for address, _pattern in ROUTES:
        if client := clients.get(interface_of(address)):
            found.setdefault(concrete(address, samples), client)
    return sorted(((client, address) for address, client in found.items()), key=lambda page: page[1])


def faults(pages: Pages, kinds_of: Callable[[int], str]) -> str:
    """A line for each fault of the pages that take the one kind that is sent to them."""
    names, wrong = names_of(pages), []
    for turn, (client, address) in enumerate(pages):
        if kind := kinds_of(turn):
            asked = urlencode([(name, VALUES[kind]) for name in names], errors="surrogatepass")
            stranger = (
                f"10.{list(VALUES).index(kind)}.{turn}.1"  # each of their own: no limit stands in the way
            )
            answer = client.get(address, QUERY_STRING=asked, REMOTE_ADDR=stranger)
            if answer.status_code != 405 and (fault := fault_in(answer, address)):
                wrong.append(f"{address} {kind}: {fault}"[:300])
    assert len(names) > 25
    return "\n".join(wrong)


def test_some_pages_with_a_hostile_value_each(pages: Pages) -> None:
    """Every page with every value is a slow round."""
    kinds = list(VALUES)
    assert faults(pages, lambda turn: kinds[turn // EACH % len(kinds)] if turn % EACH == 0 else "") == ""


@pytest.mark.slow
@pytest.mark.parametrize("kind", VALUES)
def test_every_page_with_a_hostile_value(pages: Pages, kind: str) -> None:
    assert faults(pages, lambda _turn: kind) == ""
