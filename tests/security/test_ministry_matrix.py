"""Each page of the ministry's site × method × role: who lacks its permission gets nothing.

What each page asks for is its declaration (`staff_page(…, permission=…)`), and who has it stands in
`aduan.accounts.roles`; here the site is asked whether both hold.
"""

from __future__ import annotations

import collections
import re

import pytest
from django.test import Client

from aduan.accounts.models import User
from aduan.accounts.roles import MINISTRY_ROLES, PERMISSIONS, Role
from portal.staff.site import Page, site
from tests.factories.accounts import person
from tests.portal.test_access_matrix import SAMPLES, concrete, logged_in

pytestmark = pytest.mark.django_db
METHODS = ("get", "post", "put", "patch", "delete")
USUAL = pytest.param(("get", "post"), id="usual")
EVERY = pytest.param(METHODS, id="every", marks=pytest.mark.slow)
ROLES = sorted(MINISTRY_ROLES)
NAMED = collections.defaultdict(lambda: "x", SAMPLES)


def _pages() -> list[Page]:
    pages = list(site.pages.values())
    assert len(pages) > 60
    return pages


def _client(role: str) -> Client:
    return logged_in(person(f"{role}@aduan.example", role, Role(role)))


def _address(page: Page) -> str:
    return "/kelola" + concrete(re.sub(r"<int:\w+>", "999999", page.route), NAMED)


def _lacks(role: str, page: Page) -> bool:
    return page.permission not in PERMISSIONS[role]


@pytest.mark.parametrize("methods", [USUAL, EVERY])
@pytest.mark.parametrize("role", ROLES)
def test_a_page_gives_nothing_to_a_role_without_its_permission(role: str, methods: tuple[str, ...]) -> None:
    client, wrong, asked = _client(role), [], 0
    for page in filter(lambda page: _lacks(role, page), _pages()):
        for method in methods:
            status = getattr(client, method)(_address(page)).status_code
            asked += 1
            if status not in (403, 404, 405):
                wrong.append((method, page.route, status))
    assert asked > 20
    assert not wrong


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_a_page_opens_for_a_role_with_its_permission_and_takes_no_empty_act(role: str) -> None:
    client, wrong = _client(role), []
    for page in _pages():
        if _lacks(role, page):
            continue
        for method in METHODS:
            answer = getattr(client, method)(_address(page))
            refused = method == "get" and answer.status_code in (401, 403)  # an act is judged by its service
            if refused or answer.status_code >= 500:
                wrong.append((method, page.route, answer.status_code))
    assert not wrong


def test_a_person_who_left_and_one_without_roles_open_nothing() -> None:
    none = person("tanpa@aduan.example", "Tanpa Peran")
    left = person("keluar@aduan.example", "Keluar", *map(Role, ROLES))
    clients = [logged_in(none), logged_in(left)]
    User.objects.filter(pk=left.pk).update(is_active=False)
    for page in _pages():
        for client in clients:
            for method in ("get", "post"):
                status = getattr(client, method)(_address(page)).status_code
                assert status in (302, 403, 404, 405), (method, page.route, status)
                assert status != 302 or "login" in getattr(client, method)(_address(page))["Location"]
