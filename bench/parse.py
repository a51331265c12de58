"""Promise: a clean domestic number is parsed at least 15 times as fast as by `phonenumbers`.

And the worst spelling takes at most twice as long as `phonenumbers` takes for a clean number, and 100 KB of
hostile text at most 5 ms. An exported chat is searched at 2 MB/s at least, 100 KB of anything within 100 ms.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import phonenumbers

from aduan.numbers.foreign_numbers import is_in_use, usual_groups
from aduan.numbers.numbering_plan import dial
from aduan.numbers.parsing import Refused, parse
from bench import texts as message_texts
from bench.outcome import Outcome, median, seconds

SIZES = (100_000,)
LIMIT, WORST, HOSTILE = 15.0, 2.0, 0.005
TESTS = Path(__file__).parent.parent / "tests"
SPELLINGS = TESTS / "aduan/numbers/spellings.jsonl"
FAULTS = TESTS / "data/reported_faults.jsonl"
DECORATIONS = TESTS / "data/decorations.md"
HOSTILE_TEXTS = {
    "digits": "0" * 100_000,
    "numbers": "081234567890 " * 8_000,
    "separators": "0-" * 50_000,
    "spaces": "0812" + " " * 99_000 + "x",
    "links": "https://wa.me/" * 7_000,
    "invisible": "\u200b" * 100_000,
    "letters": "0O1l" * 25_000,
}
_TIMES = 20  # that a short text is read in one try
_ALONE = 50  # clean numbers that are timed one by one
FORMS = ("0812{}", "+62812{}", "0812-{}", "62812{}", "+62 812-{}")


def clean(size: int) -> list[str]:
    """Domestic mobile numbers in the forms that nine of ten people write."""
    made = []
    for index in range(size):
        rest = f"{index * 7919 % 100_000_000:08d}"
        form = FORMS[index % len(FORMS)]
        made.append(form.format(f"{rest[:4]}-{rest[4:]}" if form.endswith("-{}") else rest))
    return made


def ours(texts: list[str]) -> None:
    for text in texts:
        parse(text)


def theirs(texts: list[str]) -> None:
    for text in texts:
        phonenumbers.is_valid_number(phonenumbers.parse(text, "ID"))


def or_refused(text: str, times: int = 1) -> None:
    """Each time as if it were the first."""
    for _ in range(times):
        for known in (dial, is_in_use, usual_groups):
            known.cache_clear()
        try:
            parse(text)
        except Refused:
            continue


def fastest(read: Callable[[], object], *, tries: int = 7) -> float:
    """Seconds of the best of some short tries: the machine is shared."""
    return min(seconds(read) for _ in range(tries))


def worst_spelling() -> tuple[str, float]:
    """The slowest of all spellings, reported faults and decorations of the suite."""
    texts = [json.loads(line)["raw"] for line in SPELLINGS.read_text("utf-8").splitlines()]
    faults = [json.loads(line) for line in FAULTS.read_text("utf-8").splitlines()]
    texts += [fault["input"] for fault in faults if fault["area"] == "number.field"]
    templates = re.findall(r"`([^`|\n]*\{n\}[^`|\n]*)`", DECORATIONS.read_text("utf-8"))
    texts += [text.replace("{n}", "0870-1234-5678").replace("↵", "\n") for text in templates]
    timed = [(text, fastest(partial(or_refused, text, _TIMES)) / _TIMES) for text in texts]
    return max(timed, key=lambda pair: pair[1])


def measure(size: int) -> Outcome:
    texts = clean(size)
    sample = texts[: max(size // 10, 1)]
    ratios, floors, own = [], [], []
    alone = [fastest(partial(theirs, [text] * _TIMES)) / _TIMES for text in sample[:_ALONE]]
    best = sum(alone) / len(alone)  # timed as the spellings are
    for _run in range(5):
        reference = seconds(lambda: theirs(sample)) / len(sample)
        mine = seconds(lambda: ours(texts)) / len(texts)
        ratios.append(reference / mine)
        floors.append(reference)
        own.append(mine)
    floor = median(floors)
    text, worst = worst_spelling()
    hostile = {name: fastest(partial(or_refused, bad), tries=5) for name, bad in HOSTILE_TEXTS.items()}
    slow = max(hostile, key=lambda name: hostile[name])
    speed, (slow_text, search) = message_texts.chat_speed(), message_texts.worst_text()
    searched = speed >= message_texts.LEAST_SPEED and search <= message_texts.MOST_SECONDS
    return Outcome(
        title="how many times as fast as phonenumbers.parse + is_valid_number",
        runs=len(ratios),
        median_ratio=median(ratios),
        floor=floor,
        limit=LIMIT,
        sense="least",
        also_holds=worst <= WORST * best and hostile[slow] <= HOSTILE and searched,
        rows=[
            ("phonenumbers, a clean number", f"{floor * 1e6:.2f} µs"),
            ("ours, a clean number", f"{median(own) * 1e6:.2f} µs"),
            (f"ours, the worst spelling {text[:28]!a}", f"{worst * 1e6:.2f} µs"),
            ("  as a ratio to phonenumbers' clean number (≤ 2)", f"{worst / best:.2f}"),
            (f"100 KB of hostile text, the worst ({slow}; ≤ 5 ms)", f"{hostile[slow] * 1e3:.3f} ms"),
            ("an exported chat, searched (≥ 2 MB/s)", f"{speed:.2f} MB/s"),
            (f"100 KB searched, the worst ({slow_text}; ≤ 100 ms)", f"{search * 1e3:.1f} ms"),
        ],
        more={
            "chat_megabytes_per_second": round(speed, 2),
            "worst_search_seconds": search,
            "worst_spelling": text,
            "worst_spelling_ratio": round(worst / best, 3),
            "hostile_seconds": hostile[slow],
        },
    )
