"""A text of 100 KB costs milliseconds, whatever is in it.

Counted is the processor's time of this process, the best of several: a busy machine does not lengthen it
much. A reader that is not linear takes seconds for these texts, so the limits leave package.
"""

from __future__ import annotations

import time

import pytest

from aduan.numbers.parsing import LONGEST_TEXT, Refused, numbers_in, parse

HOSTILE = {
    "digits": "0" * 100_000,
    "numbers": "081234567890 " * 8_000,
    "separators": "0-" * 50_000,
    "spaces": "0812" + " " * 99_000 + "x",
    "dots": "0." * 50_000,
    "stars": "*1" * 50_000,
    "letters": "a" * 100_000,
    "labels": "no hp wa " * 11_000,
    "links": "https://wa.me/" * 7_000,
    "at": "@a" * 50_000,
    "invisible": "\u200b" * 100_000,
    "emoji": "😀" * 25_000,
    "plus": "+" * 100_000,
    "brackets": "(" * 100_000,
    "percent": "%2B" * 33_000,
    "lookalikes": "0O1l" * 25_000,
}


def fastest(act) -> float:
    best = 9.0
    for _ in range(5):
        start = time.process_time()
        act()
        best = min(best, time.process_time() - start)
    return best


def refused(text: str) -> None:
    with pytest.raises(Refused):
        parse(text)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_refused_in_milliseconds(text):
    assert fastest(lambda: refused(text)) < 0.005


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_longest_text_that_is_read_costs_little_too(text):
    assert fastest(lambda: refused(text[:LONGEST_TEXT])) < 0.020


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_search_in_hostile_text_ends_soon(text):
    assert fastest(lambda: numbers_in(text)) < 0.030
