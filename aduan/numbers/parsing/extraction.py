"""Find the numbers in a pasted SMS or chat, and tell them from accounts, amounts, dates and codes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aduan.numbers.kinds import NumberKind
from aduan.numbers.parsing import non_numbers, normalise, vocabulary
from aduan.numbers.parsing.candidates import PHONE_KINDS, candidates
from aduan.numbers.parsing.errors import Refused
from aduan.numbers.parsing.letters import harmless_before
from aduan.numbers.parsing.parser import parse
from aduan.numbers.parsing.types import Parsed

LONGEST_TEXT: Final = (
    10_000  # a narrative is shorter; what follows is not looked at, so that no text is expensive
)
MOST_NUMBERS: Final = 50
_CONTEXT: Final = 40

# A code only counts as a number when the text says so: "hubungi 14000", "sms ke 1166", "call center 1500888".
_CODE: Final = re.compile(
    r"(?:\b(?:hub(?:ungi)?|telp?|telepon|call(?:\s?cent(?:er|re))?|sms(?:\s?ke)?|ketik\s.{1,30}?\ske|ke\s(?:nomor|no)"
    r"|cs|dari|halo\s?\w{2,8})\s?[:.]?\s?)"
    r"(?P<code>1500[ ]?[0-9]{3}|[1-9][0-9]{2,4})(?![0-9.,:/-]*[0-9])",
    re.IGNORECASE,
)
_LINK: Final = re.compile(
    r"(?:https?://|www\.)?(?:wa\.me|api\.whatsapp\.com|web\.whatsapp\.com|t\.me|telegram\.me|whatsapp:/)/[^\s<>\"']{3,300}"
    r"|\b[0-9]{8,15}@(?:s\.whatsapp\.net|c\.us)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """A number in a text: `text == whole[start:end]`."""

    start: int
    end: int
    text: str
    parsed: Parsed


def numbers_in(text: str) -> list[NumberSpan]:
    """The numbers, accounts and codes in a message, in reading order, each stretch once. Never raises."""
    head = text[:LONGEST_TEXT]
    folded = normalise.fold(head)
    taken: list[tuple[int, int]] = []
    spans = []
    for start, end, parsed in (*_in_links(head, folded), *_plain(head, folded), *_codes(head, folded)):
        if all(end <= begin or start >= stop for begin, stop in taken):
            taken.append((start, end))
            spans.append(NumberSpan(start, end, text[start:end], parsed))
    return sorted(spans, key=lambda span: span.start)[:MOST_NUMBERS]


def _in_links(head: str, folded: str) -> Iterator[tuple[int, int, Parsed]]:
    for count, match in enumerate(_LINK.finditer(folded)):
        if count >= MOST_NUMBERS:
            return
        end = match.start() + len(match[0].rstrip(".,;:!?)'"))
        try:
            parsed = parse(head[match.start() : end])
        except Refused:
            continue
        yield match.start(), end, parsed


def _plain(head: str, folded: str) -> Iterator[tuple[int, int, Parsed]]:
    for start, end, found in candidates(folded, limit=2 * MOST_NUMBERS):
        while folded[start] in "(" and ")" not in folded[start:end]:
            start += 1
        before, after = folded[max(0, start - _CONTEXT) : start], folded[end : end + _CONTEXT]
        line = before.rsplit("\n", 1)[-1]
        if _is_phone(line, folded[start:end], after, found.kind):
            yield start, end, Parsed(found.kind, found.canonical, head[start:end])


def _is_phone(before: str, core: str, after: str, kind: NumberKind) -> bool:
    """Whether the words around let the digits be a telephone number."""
    if kind not in PHONE_KINDS or _cut_off(before, core, after):
        return False
    bare = core.strip(" ()")
    if vocabulary.DATE.fullmatch(bare) or vocabulary.AMOUNT.fullmatch(bare):
        return False
    labelled = vocabulary.ENDS_WITH_LABEL.search(before.rstrip(" :.=;'-(")) is not None
    if non_numbers.around(before or " ", bare.lstrip("+("), after) is not None:
        return False
    if vocabulary.BANK_BEFORE.search(before) and not labelled and not bare.startswith("+"):
        return False
    if kind is NumberKind.LANDLINE:
        return labelled or re.match(r"\+62|\(?0[0-9]{2,3}\)?[ -]", bare) is not None
    return kind is not NumberKind.FOREIGN or bare.startswith(("+", "00"))


def _cut_off(before: str, core: str, after: str) -> bool:
    """Digits that go on behind or in front, are masked, or stand inside a link or a word."""
    if re.match(r"[.-]?[0-9]|[ ]?[xX*\u2026]{1,3}(?![^\W\d_xX])|\?\S|\.{2}|@\w", after):
        return True
    if after[:1].isalpha() and not vocabulary.TAIL_LABEL.match(after):
        return True
    if before[-1:].isalpha() and not harmless_before(before, core):
        return True
    return re.search(r"[0-9][.-]?$|[*#][0-9*]{0,20}$|[\w./-]{2,60}\.\w{2,6}/\S{0,100}$", before) is not None


def _codes(head: str, folded: str) -> Iterator[tuple[int, int, Parsed]]:
    for count, match in enumerate(_CODE.finditer(folded)):
        if count >= MOST_NUMBERS:
            return
        start, end = match.span("code")
        if not vocabulary.AMOUNT_AFTER.match(folded[end : end + 12]) and not vocabulary.DATE_AFTER.match(
            folded[end : end + 12]
        ):
            try:
                yield start, end, parse(head[start:end])
            except Refused:
                continue
