"""Finding a case by its number in any spelling or part, its reference, an account, a link, or by words."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any, Final

from aduan.cases.queries import word_search
from aduan.cases.queries.queue import Filters, Sort, filter_conditions, order_of
from aduan.cases.queries.queue_rows import COLUMNS, JOINS, QueueRow, fetch_rows
from aduan.core.text import without_steering
from aduan.numbers import parsing

SHORTEST: Final = 3
_REFERENCE: Final = re.compile(r"\s*K[-\s]?0*(\d{1,15})\s*", re.IGNORECASE)
_EVERYTHING: Final = Filters()
_ACCOUNT_DIGITS: Final = 6  # the fewest that are looked for among accounts
_BEGINNING: Final = re.compile(r"\w{4,}")
_NUMBER_PART: Final = re.compile(r"[\d\s().+\-…*]+")
_ACCOUNT: Final = re.compile(r"\d[\d .\-]{4,}\d")  # at least six digits, within a pasted line
_EXACT: Final = re.compile(r"\"|(?<!\S)-\w")  # asks for a phrase, or leaves a word out
_QUOTES: Final = str.maketrans(dict.fromkeys("“”„", '"'))

_BY_PART: Final = f"""
    WITH ranked AS MATERIALIZED (
        SELECT id FROM ({word_search.RANKED}) c
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


@dataclass(frozen=True, slots=True)
class Found:
    """`by` says how the text was understood; `more` that there are more than are shown.

    `partly`: of texts whose words are all very common some were not looked through.
    """

    by: str  # reference, number, part, account, link, words, beginnings, complainant, nothing
    rows: tuple[QueueRow, ...]
    more: bool
    partly: bool = False


@dataclass(frozen=True, slots=True)
class _Search:
    """How many rows, narrowed by which filters, in which order, at which instant."""

    at: dt.datetime
    size: int
    filters: Filters
    sort: Sort = Sort.SUGGESTED

    def run(self, by: str, candidates: str, **given: Any) -> Found:
        """With filters more candidates are read: those that the filters leave out take no place."""
        given |= {"at": self.at, **word_search.bounds()}
        conditions = filter_conditions(self.filters, given)
        given["size"] = word_search.FIRST if conditions else self.size + 1
        where = f"WHERE {' AND '.join(conditions)}" if conditions else ""
        sql = f"""
            WITH candidates (id) AS MATERIALIZED ({candidates})
            SELECT {COLUMNS} FROM candidates JOIN cases_case c ON c.id = candidates.id {JOINS}
            {where} ORDER BY {order_of(self.sort)} LIMIT {self.size + 1}
        """  # noqa: S608 - constants and a number
        rows = fetch_rows(sql, given, at=self.at)
        return Found(by, tuple(rows[: self.size]), more=len(rows) > self.size)

    def words(self, by: str, query: str, words: str) -> Found:
        return self.run(by, word_search.by_words(query), words=words)

    def beginnings(self, beginnings: list[str]) -> Found:
        """Of words, all of which a text has to have. The longest are likely to be the rarest."""
        words = sorted((f"{beginning}:*" for beginning in beginnings), key=len, reverse=True)
        return self.run(
            "beginnings",
            word_search.BY_BEGINNINGS,
            words=" & ".join(words),
            beginnings=words[: word_search.MOST_BEGINNINGS],
        )


def find(
    text: str,
    *,
    at: dt.datetime,
    size: int = 50,
    filters: Filters = _EVERYTHING,
    sort: Sort = Sort.SUGGESTED,
) -> Found:
    """Cases of every status. Tickets belong to complaints: ask there first.

    What is no number and no part of one is looked for among the accounts, links and words of complaints, at
    last by an account in a pasted line or by the beginnings of words: that costs most, and is asked only
    where nothing else was found.
    """
    text, search = _as_typed(text)[:200], _Search(at, size, filters, sort)
    if (reference := _REFERENCE.fullmatch(text)) is not None:
        return search.run("reference", "SELECT %(id)s::bigint AS id", id=int(reference[1]))
    if canonical := _canonical(text):
        found = search.run(
            "number", "SELECT id FROM cases_case WHERE number_text = %(number)s", number=canonical
        )
        if found.rows:
            return found
    digits = _digits_of(text)
    if len(digits) >= SHORTEST and _NUMBER_PART.fullmatch(text):
        found = _by_part(digits, search)
        if found.rows or len(digits) < _ACCOUNT_DIGITS:
            return found
        return search.words(
            "account", "to_tsquery", f"{digits}:* | '{text}'"
        )  # the amount 2.500.000 is a word
    return _by_words(text, search) if len(text) >= SHORTEST else Found("nothing", (), False)


def find_cases(case_ids: Collection[int], *, at: dt.datetime, size: int = 50) -> Found:
    """These cases, highest rank first."""
    ids = sorted(case_ids)
    return _Search(at, size, _EVERYTHING).run(
        "complainant", "SELECT unnest(%(ids)s::bigint[]) AS id LIMIT %(size)s", ids=ids
    )


def _as_typed(text: str) -> str:
    """Without the marks that a chat puts around what is copied, and with the dash and quotes of keys."""
    text = unicodedata.normalize("NFC", without_steering(text)).translate(_QUOTES)
    return "".join("-" if unicodedata.category(one) == "Pd" else one for one in text).strip()


def _digits_of(text: str) -> str:
    """However they are drawn: a full-width one too."""
    return "".join(str(unicodedata.decimal(one)) for one in text if one.isdecimal())


def _by_words(text: str, search: _Search) -> Found:
    if "." in text and not set(text) & {" ", "@"} and (links := parsing.links_of(text)):
        return search.words("link", "plainto_tsquery", links[0])
    found = search.words("words", "websearch_to_tsquery", text)
    if _EXACT.search(text):
        return replace(found, partly=not found.more)
    if found.rows:
        return found
    if accounts := [_digits_of(run) for run in _ACCOUNT.findall(text)]:
        return search.words("account", "to_tsquery", " | ".join(f"{account}:*" for account in accounts))
    if not (beginnings := _BEGINNING.findall(text)):
        return found
    found = search.beginnings(beginnings)
    return replace(found, partly=not found.more)


def digit_ngrams(number_text: str) -> list[int]:
    """Every four digits in a row of a number, as integers: what parts of a number are found by."""
    digits = "".join(filter(str.isdigit, number_text))
    return sorted({int(digits[start : start + 4]) for start in range(len(digits) - 3)})


def _canonical(text: str) -> str:
    try:
        return parsing.parse(text).canonical
    except parsing.Refused:
        return ""


def _by_part(digits: str, search: _Search) -> Found:
    """The first digits (with or without the country), the last ones; from four digits on any in between."""
    begin = f"+62{digits[1:]}" if digits.startswith("0") else f"+{digits}"
    given: dict[str, Any] = {"begin": f"{begin}%", "end": f"{digits[::-1]}%", "digits": digits}
    middle = ""
    if len(digits) >= 4:
        middle = _BY_MIDDLE
        given["digit_ngrams"] = digit_ngrams(digits)
    return search.run("part", _BY_PART.format(middle=middle), **given)
