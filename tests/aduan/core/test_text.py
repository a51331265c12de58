"""BI5: whatever is typed is stored as plain, bounded NFC text, or refused with a code."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from aduan.core.errors import Invalid
from aduan.core.text import normalise_line, normalise_text

DATA = Path(__file__).resolve().parents[2] / "data"


@pytest.mark.parametrize("bad", ["a\x00b", "a\ud800b", "\udfff"])
def test_bytes_that_are_no_text_are_refused(bad):
    with pytest.raises(Invalid) as refusal:
        normalise_text(bad, field="narrative")
    assert refusal.value.code == "text_unreadable"
    assert refusal.value.details["field"] == "narrative"


@pytest.mark.parametrize("long", ["x" * 4001, "x" * 10_000_000, "e\u0301" * 5000])
def test_too_long_is_said_quickly(long):
    start = time.process_time()
    with pytest.raises(Invalid) as refusal:
        normalise_text(long, field="narrative")
    assert refusal.value.code == "text_too_long"
    assert time.process_time() - start < 0.25


def test_a_million_marks_do_not_paint_over_the_page():
    assert normalise_text("a" + "\u0300" * 3000, field="narrative") == "\u00e0" + "\u0300" * 8


def test_newlines_become_one_kind_and_letters_nfc():
    assert normalise_text("satu\r\ndua\rtiga\n", field="narrative") == "satu\ndua\ntiga"
    assert normalise_text("cafe\u0301", field="narrative") == "café"


def test_what_steers_the_page_is_gone_and_people_stay():
    assert normalise_text("a\u202eb\u2066c\u200bd\x1be", field="narrative") == "abcde"
    assert normalise_text("👨\u200d👩\u200d👧 oke", field="narrative") == "👨\u200d👩\u200d👧 oke"


def test_a_line_is_a_line():
    assert normalise_line(" BCA\n 123\t456 ", field="bank_account") == "BCA 123 456"


def test_the_big_list_of_naughty_strings_is_stored_or_refused():
    for text in json.loads((DATA / "blns.json").read_text(encoding="utf-8")):
        try:
            kept = normalise_text(text, field="narrative")
        except Invalid:
            continue
        assert kept.encode("utf-8").decode() == kept
        assert "\x00" not in kept
        assert normalise_text(kept, field="narrative") == kept
