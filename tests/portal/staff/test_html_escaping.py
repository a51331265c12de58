"""BI20: whatever complainants type is text to a reviewer. LK2: a refusal tells nothing about the machine."""

from __future__ import annotations

import html
import re

import pytest
from django.utils import timezone

from aduan.accounts.roles import Role
from tests.factories import cases as cases_factory
from tests.factories import complaints as factory
from tests.factories.accounts import person
from tests.portal.staff.login import log_in_staff

PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{7*7}}{% debug %}",
    "${7*7}#{7*7}",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "</textarea><script>alert(1)</script>",
    "<a href=//evil.example>klik</a>",
    "<style>*{display:none}</style>",
    "&lt;script&gt;",
    "%0d%0aSet-Cookie: a=b",
    "\u202egnp.exe",
]
EVERY_ROLE = (Role.REVIEWER, Role.APPROVER, Role.LEAD, Role.AUDITOR)
TELLTALE = re.compile(
    r"Traceback|psycopg|SELECT |django\.|/work/|site-packages|SECRET|Exception", re.IGNORECASE
)


@pytest.fixture
def case(telkomsel):
    """Every text that a stranger or a colleague can write, in one case."""
    now = timezone.now()
    reported = [
        factory.complaint(
            now,
            "0812-3456-7890",
            narrative=f"Cerita {payload} selesai",
            link=payload[:200],
            bank_account=payload[:60],
        )
        for payload in PAYLOADS
    ]
    return reported[0].case


def inert(page: str) -> None:
    assert "<script>alert" not in page
    assert "onerror=alert(1)>" not in page.replace("&quot;", '"') or "<img src=x" not in page
    assert "<svg onload" not in page
    assert "<a href=//evil" not in page
    assert "<style>*" not in page
    assert 'href="javascript:' not in page
    assert "49#" not in page


def test_what_complainants_type_is_text_on_the_case_page(client, budi, case):
    page = log_in_staff(client, budi).get(f"/kelola/perkara/{case.pk}/").text
    inert(page)
    assert html.escape("<img src=x onerror=alert(1)>") in page
    assert "{{7*7}}" in page
    assert "\u202e" not in page


def test_what_colleagues_type_is_text_everywhere(client, budi, telkomsel):
    cases_factory.reasons()
    now = timezone.now()
    everything = person("nadia@aduan.example", "<b>Nadia</b>{{7*7}}", *EVERY_ROLE)
    case = cases_factory.make_case(telkomsel, at=now)
    cases_factory.asked(case, by=everything, at=now, reason_code="test-ask", note="".join(PAYLOADS))
    log_in_staff(client, everything)
    for address in (f"/kelola/perkara/{case.pk}/", "/kelola/antrean/", "/kelola/audit/", "/kelola/dasbor/"):
        page = client.get(address).text
        inert(page)
        assert "<b>Nadia</b>" not in page


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_is_searched_for_comes_back_as_text(client, budi, payload):
    inert(log_in_staff(client, budi).get("/kelola/antrean/", {"q": payload, "region": payload}).text)


@pytest.mark.parametrize(
    "address",
    [
        "/kelola/perkara/99999999999999999999/",
        "/kelola/perkara/1/bukti/00000000-0000-0000-0000-000000000000/clean/",
        "/kelola/perkara/1/bukti/00000000-0000-0000-0000-000000000000/original/",
        "/kelola/kampanye/99999999/",
        "/kelola/perkara/1/langkah/propose/",
        "/kelola/orang/1/",
        "/kelola/tidak-ada/",
        "/kelola/cases/cannedreason/9999/change/",
    ],
)
def test_a_refusal_tells_nothing_about_the_machine(client, budi, address):
    for answer in (
        log_in_staff(client, budi).get(address),
        client.post(address, {"act": "x", "seen": "\x00"}),
    ):
        assert answer.status_code in {302, 400, 403, 404, 405}
        assert not TELLTALE.search(answer.text)
