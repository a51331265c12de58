"""Strings that break other people's forms, through every field (BI5, BI6, BI20, BI22)."""

from __future__ import annotations

import html.parser
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from aduan.complaints.models import Complaint
from portal.public import rate_limits
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
# What a person types, and what the page gives back when something has to be mended.
TYPED = (
    "number", "narrative", "loss", "link", "bank_account", "contact_email", "contact_phone", "occurred_on",
    "occurred_time", "website",
)  # fmt: skip
FREE = ("narrative", "link", "bank_account")  # refused by the domain, not by the form
DATA = Path(__file__).resolve().parents[2] / "data"


def collected() -> list[str]:
    """The Big List of Naughty Strings and our own collection, each string once."""
    texts = [
        text
        for name in ("blns.json", "hostile.json")
        for text in json.loads((DATA / name).read_text(encoding="utf-8"))
    ]
    return list(dict.fromkeys(text.rstrip("\r") for text in texts if text.strip()))


class Read(html.parser.HTMLParser):
    """What a browser would make of a page: the values in its fields, and whatever would run."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.runs: list[str] = []
        self._area = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "input" and given.get("type") not in ("radio", "checkbox", "file"):
            self.values.setdefault(given.get("name", ""), given.get("value", ""))
        self._area = given.get("name", "") if tag == "textarea" else ""
        ours = tag != "script" or given.get("src", "").startswith("/static/")
        if not ours or tag in ("iframe", "object", "embed", "base", "applet", "xss", "frameset", "layer"):
            self.runs.append(self.get_starttag_text() or tag)
        for name, value in given.items():
            address = "".join(value.split()).lower()
            if name.startswith("on") or (
                name in ("href", "src", "action") and address.startswith(("javascript:", "data:text", "vbs"))
            ):
                self.runs.append(f"{tag} {name}={value[:60]}")

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] = self.values.get(self._area, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._area = ""


def plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def spread(texts: Sequence[str], turn: int, fields: Sequence[str]) -> dict[str, Any]:
    """A different string for each field."""
    return {field: texts[(turn + 59 * place) % len(texts)] for place, field in enumerate(fields)}


def nothing_runs_and_nothing_is_lost(answer: Any, typed: dict[str, Any]) -> None:
    page = Read(answer.content.decode())
    assert not page.runs, typed
    for field, text in typed.items():
        assert plain(page.values[field]) == plain(text), field


@pytest.mark.parametrize("field", FIELDS)
def test_no_string_in_any_field_breaks_the_form(client: Client, field: str) -> None:
    for text in OWN:
        answer = client.post("/lapor/", filled(action="check") | {field: text})
        assert answer.status_code in (200, 302, 400), (field, text[:40])
        page = answer.content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "{{49}}" not in page


def test_the_collected_strings_come_back_as_typed_and_never_run(client: Client) -> None:
    texts = collected()
    for turn in range(0, len(texts), 3):
        typed = spread(texts, turn, TYPED if turn % 2 else FREE)
        answer = client.post("/lapor/", filled(action="check") | typed)
        assert answer.status_code in (200, 400), typed
        nothing_runs_and_nothing_is_lost(answer, typed)


def test_the_collected_strings_are_stored_or_given_back(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("SEND_DEVICE", "SEND_WITHOUT_PROOF", "SEND_CONTACT"):
        monkeypatch.setattr(rate_limits, name, rate_limits.Limit(f"test-{name}", 100_000, 3600))
    texts, sent = collected(), 0
    for turn in range(0, len(texts), 5):
        typed = spread(texts, turn, FREE)
        answer = client.post("/lapor/", filled() | typed)
        assert answer.status_code in (302, 400), typed
        if answer.status_code == 400:
            nothing_runs_and_nothing_is_lost(answer, typed)
            continue
        sent += 1
        if sent % 4 == 0:
            own = client.get(answer["Location"].removesuffix("tanda-terima/"), follow=True)
            assert own.status_code == 200
            assert not Read(own.content.decode()).runs, typed
    assert sent
    assert Complaint.objects.count() == sent


def test_the_collected_strings_break_no_other_public_form(client: Client) -> None:
    texts = collected()
    for turn, text in enumerate(texts):
        path, given = (
            ("/cek/", {"number": text}),
            ("/lacak/", {"ticket": text, "secret": texts[turn - 1]}),
            ("/lapor/nomor/", {"number": text}),
            ("/lapor/nomor/", {"text": text}),
        )[turn % 4]
        answer = client.post(path, given)
        assert answer.status_code in (200, 400, 404, 429), text[:60]
        if path != "/lapor/nomor/":
            assert not Read(answer.content.decode()).runs, text[:60]


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
