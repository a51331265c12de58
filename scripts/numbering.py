"""Writes docs/phonenumbers-disagreements.md: where our answer differs from `phonenumbers`, and why.

`python -m scripts.numbering` writes it; a test fails when it no longer says what the code does, so that a new
version of the library, or a change of ours, is looked at by a person.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

PROJECT = Path(__file__).resolve().parent.parent
PAGE = PROJECT / "docs" / "phonenumbers-disagreements.md"
LENGTHS = range(9, 15)  # with the leading 0
ON = dt.date(2026, 11, 23)
FILLER = "1234567890"

REASONS = {
    "0807": "KM 28/2004 gives all of 0807 to universal access numbers; the library knows 08071 only.",
    "reserved": "Not in use as far as we know: no caller shows such a number.",
    "carrier unknown": "The library knows no carrier; our table does, with its source (number_ranges.csv).",
    "unassigned": "Valid for the library, but no operator's table lists it: accepted, flagged, never routed.",
    "defunct": "Net1's licence was revoked on 2021-11-30: a typing error or a forged number.",
    "merger": "The library names the brand or the company of before; a list goes to the company of today.",
}


class Row(NamedTuple):
    prefix: str
    length: int
    ours: str
    theirs: str
    reason: str


def _setup() -> None:
    os.environ.setdefault("ADUAN_ENV", "test")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()


def acceptance() -> Iterator[Row]:
    """Every prefix 0800x-0899x × length that only one of us accepts, or as another kind."""
    import phonenumbers

    from aduan.numbers.parsing import Refused, parse

    kinds = {phonenumbers.PhoneNumberType.MOBILE: "mobile"}
    for prefix in (f"0{head}" for head in range(8000, 9000)):
        for length in LENGTHS:
            raw = (prefix + FILLER)[:length]
            library = phonenumbers.parse(raw, "ID")
            valid = phonenumbers.is_valid_number(library)
            theirs = kinds.get(phonenumbers.number_type(library), "service") if valid else "invalid"
            try:
                ours = parse(raw).kind.value
            except Refused as refused:
                ours = f"refused: {refused.code}"
            if ours.startswith("refused") and theirs == "invalid":
                continue
            if ours != theirs:
                yield Row(prefix, length, ours, theirs, "0807" if prefix[:4] == "0807" else "reserved")


def carriers() -> Iterator[Row]:
    """Every prefix 0800x-0899x whose carrier the library names otherwise than our range table does today."""
    import phonenumbers
    from phonenumbers import carrier

    from aduan.operators.ranges import shipped_table

    table = shipped_table()
    for prefix in (f"0{head}" for head in range(8100, 9000)):
        digits = f"62{prefix[1:]}1234567"
        held = table.holder_of(digits, on=ON)
        if held is None or prefix.startswith("084"):
            continue
        theirs = carrier.name_for_number(phonenumbers.parse(f"+{digits}"), "en")
        ours = held.operator_name if held.routable else held.status
        if theirs != ours:
            yield Row(
                prefix,
                0,
                f"{ours} ({held.brand})" if held.routable else ours,
                theirs or "–",
                _why(held.status, theirs),
            )


def _why(status: str, theirs: str) -> str:
    if status != "active":
        return status
    return "merger" if theirs else "carrier unknown"


def grouped(rows: Iterator[Row]) -> list[tuple[str, str, str, str, str]]:
    """Neighbouring prefixes that differ in the same way at the same lengths become one line."""
    by_prefix: dict[str, list[Row]] = {}
    for row in rows:
        by_prefix.setdefault(row.prefix, []).append(row)
    lines: list[tuple[list[str], list[tuple[int, str, str, str]]]] = []
    for prefix, found in by_prefix.items():
        same = [(row.length, row.ours, row.theirs, row.reason) for row in found]
        if lines and lines[-1][1] == same and int(lines[-1][0][-1]) + 1 == int(prefix):
            lines[-1][0].append(prefix)
        else:
            lines.append(([prefix], same))
    table = []
    for prefixes, answers in lines:
        name = prefixes[0] if len(prefixes) == 1 else f"{prefixes[0]}–{prefixes[-1]}"
        lengths: dict[tuple[str, str, str], list[str]] = {}
        for length, ours, theirs, reason in answers:
            lengths.setdefault((ours, theirs, reason), []).append(str(length))
        table += [(name, ", ".join(digits), *answer) for answer, digits in lengths.items()]
    return table


HEAD = """# Where we differ from `phonenumbers`

Written by `python -m scripts.numbering` against phonenumbers {version}; a test fails when this page is
no longer true. Compared: every prefix 0800x–0899x at every length from 9 to 14 digits (with the 0),
6,000 numbers; and for 0810x–0899x the carrier, as of {on}. In everything that is not listed both agree.

`phonenumbers` stays the judge of *foreign* numbers. For Indonesia our own plan decides
(`aduan/numbers/numbering_plan.py`): the library is blind to who holds a prefix, and its parser takes letters
for keypad digits.

## Accepted by one, refused by the other, or of another kind ({accepted} of 6,000)

| prefix | digits | ours | `phonenumbers` | reason |
|---|---|---|---|---|
{acceptance}

## Another carrier ({held} of 900 prefixes)

| prefix | ours (brand) | `phonenumbers` | reason |
|---|---|---|---|
{carriers}

## Reasons

{reasons}

## Spellings

Beside ranges, these are read otherwise on purpose: letters are never keypad digits (`0812345xxxx` is
refused, the library gives +6281234599999); a trailing `?` is a hidden digit; `0062`, `001 62`, `007 62`
and `01017 62` are ways to say Indonesia; `(021) 1500888` and `021-14000` are forged forms of protected
codes; a date such as 28-08-2016 is no landline. Each has its row in tests/aduan/numbers/spellings.jsonl.
"""


def page() -> str:
    import phonenumbers

    accepted, held = list(acceptance()), list(carriers())
    used = {row.reason for row in (*accepted, *held)}
    return HEAD.format(
        version=phonenumbers.__version__,
        on=ON,
        accepted=len(accepted),
        held=len(held),
        acceptance="\n".join(f"| {' | '.join(line)} |" for line in grouped(iter(accepted))),
        carriers="\n".join(f"| {' | '.join((line[0], *line[2:]))} |" for line in grouped(iter(held))),
        reasons="\n".join(f"- **{name}**: {REASONS[name]}" for name in REASONS if name in used),
    )


if __name__ == "__main__":
    _setup()
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE.relative_to(PROJECT)} written")
