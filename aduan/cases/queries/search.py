"""Finding a case by its number in any spelling, by any part of it, by its reference, or by words."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any, Final

from aduan.cases.queries.queue import COLUMNS, JOINS, QueueRow, fetch_rows
from aduan.numbers import parsing

SHORTEST: Final = 3
# A search looks first at what ranks highest; if that fills the page, it asks nothing else. Then at the newest
# documents: a common word need not be fetched from its index, which would list every case that has it. What
# is left to the indexes is rare, and no more of it is fetched than a page shows.
FIRST: Final = 1_000  # cases that wait
NEWEST: Final = 5_000  # documents
_REFERENCE: Final = re.compile(r"\s*K-?0*(\d{1,15})\s*", re.IGNORECASE)
_NUMBER_PART: Final = re.compile(r"[\d\s().+\-…*]+")

_RANKED: Final = """
    SELECT id, number_text FROM cases_case WHERE status IN ('open', 'needs_info', 'proposed', 'disputed')
    ORDER BY score DESC, id DESC LIMIT %(first)s
"""
_BY_PART: Final = f"""
    WITH ranked AS MATERIALIZED (
        SELECT id FROM ({_RANKED}) c
        WHERE number_text LIKE %(begin)s OR strpos(number_text, %(digits)s) > 0 LIMIT %(size)s
    ), full_page AS MATERIALIZED (SELECT count(*) >= %(size)s AS yes FROM ranked)
    SELECT id FROM ranked
    UNION SELECT id FROM (
        SELECT id FROM cases_case
        WHERE NOT (SELECT yes FROM full_page) AND number_text LIKE %(begin)s LIMIT %(size)s) a
    UNION SELECT id FROM (
        SELECT id FROM cases_case
        WHERE NOT (SELECT yes FROM full_page) AND reverse(number_text) LIKE %(end)s LIMIT %(size)s) b
    {{middle}}
"""  # noqa: S608 - constants
_BY_MIDDLE: Final = """
    UNION SELECT case_id FROM (
        SELECT d.case_id FROM cases_casesearchindex d JOIN cases_case n ON n.id = d.case_id
        WHERE NOT (SELECT yes FROM full_page)
            AND d.digit_ngrams @> %(digit_ngrams)s AND strpos(n.number_text, %(digits)s) > 0 LIMIT %(size)s) m
"""
# The words stand in a table of their own, where the planner cannot guess how common they are: a wrong guess
# would make it read every document.
_BY_WORDS: Final = f"""
    WITH asked AS MATERIALIZED (SELECT websearch_to_tsquery('simple', %(words)s) AS words),
    ranked AS MATERIALIZED (
        SELECT c.id FROM ({_RANKED}) c JOIN cases_casesearchindex d ON d.case_id = c.id
        WHERE d.words @@ (SELECT words FROM asked) LIMIT %(size)s
    ), newest AS MATERIALIZED (
        SELECT case_id FROM (
            SELECT case_id, words FROM cases_casesearchindex ORDER BY case_id DESC LIMIT %(newest)s) d
        WHERE (SELECT count(*) FROM ranked) < %(size)s AND words @@ (SELECT words FROM asked) LIMIT %(size)s
    )
    SELECT id FROM ranked UNION SELECT case_id FROM newest
    UNION SELECT case_id FROM (
        SELECT case_id FROM cases_casesearchindex
        WHERE (SELECT count(*) FROM ranked) + (SELECT count(*) FROM newest) < %(size)s
            AND words @@ (SELECT words FROM asked) LIMIT %(size)s) elsewhere
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class Found:
    """`by` says how the text was understood; `more` that there are more than are shown."""

    by: str  # reference, number, part, words, nothing
    rows: tuple[QueueRow, ...]
    more: bool


def find(text: str, *, at: dt.datetime, size: int = 50) -> Found:
    """Cases of every status, highest rank first. Tickets belong to complaints: ask there first."""
    text = text.strip()[:200]
    if (reference := _REFERENCE.fullmatch(text)) is not None:
        return _found("reference", "SELECT %(id)s::bigint AS id", {"id": int(reference[1])}, at, size)
    canonical = _canonical(text)
    if canonical:
        whole = _found(
            "number",
            "SELECT id FROM cases_case WHERE number_text = %(number)s",
            {"number": canonical},
            at,
            size,
        )
        if whole.rows:
            return whole
    digits = "".join(filter(str.isdigit, text))
    if len(digits) >= SHORTEST and _NUMBER_PART.fullmatch(text):
        return _by_part(digits, at, size)
    if len(text) >= SHORTEST:
        return _found("words", _BY_WORDS, {"words": text}, at, size)
    return Found("nothing", (), False)


def digit_ngrams(number_text: str) -> list[int]:
    """Every four digits in a row of a number, as integers: what parts of a number are found by."""
    digits = "".join(filter(str.isdigit, number_text))
    return sorted({int(digits[start : start + 4]) for start in range(len(digits) - 3)})


def _canonical(text: str) -> str:
    try:
        return parsing.parse(text).canonical
    except parsing.Refused:
        return ""


def _by_part(digits: str, at: dt.datetime, size: int) -> Found:
    """The first digits (with or without the country), the last ones; from four digits on any in between."""
    begin = f"+62{digits[1:]}" if digits.startswith("0") else f"+{digits}"
    given: dict[str, Any] = {"begin": f"{begin}%", "end": f"{digits[::-1]}%", "digits": digits}
    middle = ""
    if len(digits) >= 4:
        middle = _BY_MIDDLE
        given["digit_ngrams"] = digit_ngrams(digits)
    return _found("part", _BY_PART.format(middle=middle), given, at, size)


def _found(by: str, candidates: str, given: dict[str, Any], at: dt.datetime, size: int) -> Found:
    sql = f"""
        WITH candidates (id) AS MATERIALIZED ({candidates})
        SELECT {COLUMNS} FROM candidates JOIN cases_case c ON c.id = candidates.id {JOINS}
        ORDER BY c.score DESC, c.id DESC LIMIT %(size)s
    """  # noqa: S608 - constants of this module
    limits = {"first": FIRST, "newest": NEWEST, "size": size + 1}
    rows = fetch_rows(sql, given | limits, at=at)
    return Found(by, tuple(rows[:size]), more=len(rows) > size)
