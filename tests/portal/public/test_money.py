"""Lines to call: only verified rows of the register, each with its source; and who runs the service."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from aduan.numbers.models import ProtectedNumber
from aduan.numbers.queries import hotlines
from tests.factories.accounts import past_triggers

pytestmark = pytest.mark.django_db


def dialled(page: str) -> set[str]:
    return set(re.findall(r'href="tel:([^"]+)"', page))


def test_every_number_to_call_is_a_verified_row_with_source_and_date(client: Client, register) -> None:
    """On 9f931d8 there was nothing to tap: numbers stood in running text."""
    page = client.get("/uang/").text
    rows = {row.pattern.rpartition(":")[2] for row in ProtectedNumber.objects.filter(confidence="verified")}
    called = dialled(page) - {"159"}
    assert {"157", "110", "1500888", "14000", "14017", "1500046"} <= called
    assert called <= rows
    assert "1500445" not in page  # an e-wallet's line that no one has verified
    for line in hotlines():
        assert "." in line.source, line
        assert line.since


@pytest.mark.parametrize("confidence", ["unverified", "single source", "info"])
def test_what_is_not_verified_is_no_link(client: Client, register, confidence: str) -> None:
    with past_triggers():
        rows = ProtectedNumber.objects.filter(pattern__in=["short:157", "service:1500888"])
        assert rows.update(confidence=confidence) == 2
    for path in ("/uang/", "/"):
        assert not dialled(client.get(path).text) & {"157", "1500888"}


def test_the_lines_stand_on_the_first_page_after_sending_and_on_the_tracking_page(client, register) -> None:
    from tests.portal.public.forms import progress_address, send

    address = progress_address(client, send(client))
    for path in ("/", address, f"{address}tanda-terima/"):
        found = re.findall(r'href="tel:([^"]+)"', client.get(path).text)
        assert found.index("1500888") < found.index("157") < found.index("110")


def test_every_page_names_who_runs_it_and_another_ministry_is_a_setting(client: Client, settings) -> None:
    assert "Kementerian Contoh (peragaan)" in client.get("/").text
    settings.SERVICE_OWNER = {
        "name": {"id": "Kementerian Uji", "en": "Ministry of Tests"},
        "dpo": "dpo@uji.example",
    }
    for path in ("/", "/privasi/", "/cek/", "/bantuan/", "/lapor/"):
        page = client.get(path).text
        assert "Kementerian Uji" in page
        assert "dpo@uji.example" in page
        assert 'href="tel:159"' in page
    assert "Ministry of Tests" in client.get("/", headers={"accept-language": "en"}).text


def test_the_privacy_notice_gives_the_days_of_the_retention_policy(client: Client) -> None:
    page = client.get("/privasi/").text
    for days in ("90", "365", "730", "1825"):
        assert f'<td class="number">{days}</td>' in page
