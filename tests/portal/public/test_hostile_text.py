"""Strings that break other people's forms, through every field (BI5, BI6, BI20, BI22)."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from django.test import Client

from tests.portal.public.forms import filled

OWN = [
    "\x00",
    "a\x00b",
    "\u202eevil",
    "Z" + "\u0301" * 5000,
    "\U0001f468\u200d\U0001f469\u200d\U0001f467",
    "line\r\nBcc: victim@example.id",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{7*7}}{% debug %}",
    "javascript:alert(1)",
    "=cmd|' /C calc'!A0",
    "' OR 1=1; --",
    "%00%0d%0a",
    "\ufeff\u200b\u2028\u2029",
    "9" * 5000,
    "../../etc/passwd",
    "Infinity",
    "1e400",
    "２０２６-１１-２３",
]
FIELDS = (
    "number", "narrative", "loss", "link", "bank_account", "contact_email", "contact_phone", "occurred_on",
    "occurred_time", "zone", "channel", "category", "key", "altcha", "staged", "drop", "website", "action",
)  # fmt: skip
LIST = Path("/work/shared/data/abuse/blns.json")


def shared() -> list[str]:
    return [text for text in json.loads(LIST.read_text(encoding="utf-8")) if text] if LIST.exists() else []


@pytest.mark.parametrize("field", FIELDS)
def test_no_string_in_any_field_breaks_the_form(client: Client, field: str) -> None:
    for text in OWN:
        answer = client.post("/lapor/", filled(action="check") | {field: text})
        assert answer.status_code in (200, 302, 400), (field, text[:40])
        page = answer.content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "{{49}}" not in page


def test_the_shared_list_of_naughty_strings_breaks_nothing(client: Client) -> None:
    texts = shared() or OWN
    for text in texts:
        changes = {
            "number": text,
            "narrative": text,
            "link": text,
            "bank_account": text,
            "contact_email": text,
        }
        answer = client.post("/lapor/", filled(action="check") | changes)
        assert answer.status_code in (200, 400), text[:60]
        assert client.post("/cek/", {"number": text}).status_code in (200, 400, 429), text[:60]
        assert client.post("/lacak/", {"ticket": text, "secret": text}).status_code in (400, 404, 429), text[
            :60
        ]
        assert client.post("/lapor/nomor/", {"number": text}).status_code in (200, 429), text[:60]


def test_a_field_of_ten_megabytes_is_refused_unread(client: Client) -> None:
    assert client.post("/lapor/", filled(narrative="x" * 10_000_000)).status_code in (400, 413)


def test_a_thousand_fields_are_refused(client: Client) -> None:
    many = {f"field{turn}": "x" for turn in range(1001)}
    assert client.post("/lapor/", {**filled(), **many}).status_code == 400


def test_a_long_text_in_the_number_field_costs_little(client: Client) -> None:
    for text in ("0812 " * 20_000, "+" * 100_000, "a@" * 50_000, "0812.3456-" * 10_000):
        started = time.process_time()
        assert client.post("/lapor/nomor/", {"number": text}).status_code == 200
        assert time.process_time() - started < 0.5
