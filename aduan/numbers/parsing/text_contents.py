"""Everything that a pasted message or chat holds: numbers, accounts, links and payment accounts.

The time is linear in the length: each pattern is linear, the words around a stretch of digits are bounded,
and so is the number of different stretches that are looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from aduan.numbers.numbering_plan import ParseResult, dial
from aduan.numbers.parsing import countries, normalise, text_links, vocabulary
from aduan.numbers.parsing.chat_accounts import chat_accounts
from aduan.numbers.parsing.contact_links import contact_links
from aduan.numbers.parsing.coordinates import coordinates
from aduan.numbers.parsing.errors import Refused
from aduan.numbers.parsing.extraction import CONTEXT, SpanReading, read_run
from aduan.numbers.parsing.figures import LEFT_OUT
from aduan.numbers.parsing.glued_items import glued_items
from aduan.numbers.parsing.parser import parse
from aduan.numbers.parsing.payment_accounts import FEWEST, account_digits
from aduan.numbers.parsing.spaced_links import path_apart, spaced_links
from aduan.numbers.parsing.stretches import RUN
from aduan.numbers.parsing.types import Parsed

LONGEST_TEXT: Final = 100_000  # characters; a longer text is not looked at to its end
MOST_NUMBERS: Final = 50  # different ones of one text
MOST_SPANS: Final = 1_000  # places of one text at which they stand
MOST_EXAMINED: Final = 400  # different stretches of digits of one text, with the words around them
_FEWEST_DIGITS: Final = 8

_CODE: Final = re.compile(
    r"(?<![0-9])(?:1500[ .-]?[0-9]{3}|080[0479][ -]?1[ -]?[0-9]{3}[ -]?[0-9]{3}"
    r"|150[0-9]{3}|177[0-9]{3}|[1-9][0-9]{2,4})(?![0-9A-Za-z_])"
)
# A code only counts as a number when the text says so: "hubungi 14000", "sms ke 1166", "call center 1500888".
_CODE_LABEL: Final = re.compile(
    r"\b(?:hub(?:ungi)?|(?:di)?te?le?pon|(?:di)?telp|nelpon|call(?:\s?cent(?:er|re)(?:\s\w{2,10})?)?|sms(?:\s?ke)?"
    r"|(?:ketik|balas|reply)\s.{1,30}?\s(?:ke|to)"
    r"|(?:sms|pesan|te?le?pon|telp|panggilan|call|wa|chat)\s(?:masuk\s)?dari|kirim\ske|ke\s(?:nomor|no)|cs|nomor|halo\s?\w{2,8})"
    r"\s?[:.]?\s?$",
    re.IGNORECASE,
)
# A call centre's number is long enough to need no more than another in front of it.
_ALTERNATIVE: Final = re.compile(r"(?:\batau|\bdan|\bdari|\binfo(?:rmasi)?|/)\s?:?\s?$", re.IGNORECASE)
_LONG_CODE: Final = 7
_GOES_ON: Final = re.compile(r"[.,:/-]{1,3}[0-9]")
_CODE_REACH: Final = 48
# The time stamp of an exported chat: "[20/10/25 19.58.01] ", "18/11/25 08.02 - ".
_STAMP: Final = re.compile(
    r"^\W{0,3}[0-9]{1,4}[/.-][0-9]{1,2}[/.-][0-9]{2,4},?\s(?:pukul\s)?[0-9]{1,2}[.:][0-9]{2}(?:[.:][0-9]{2})?(?:\s?[ap]\.?m\.?)?"
    r"(?:\]|\s-)\s",
    re.IGNORECASE | re.MULTILINE,
)


_ITEM: Final = re.compile(
    r"(?<=\s)[1-9][0-9]?(?:\.(?=\s)|\))(?=\s?[+(]?(?:0[1-9]|62|\+))"
)  # "1) 0877 … 2) 0877 …"
# Identifiers and checksums: "08123456-7890-4abc-8def-081234567890".
_HEX: Final = "[0-9a-fA-F]"
_DIGEST: Final = re.compile(
    rf"{_HEX}(?<![0-9A-Za-z].)(?:{_HEX}{{7}}-(?:{_HEX}{{4}}-){{3}}{_HEX}{{12}}"
    rf"|(?:(?<=[a-fA-F])|(?=[0-9]{{0,30}}[a-fA-F])){_HEX}{{7}}(?:{_HEX}{{8}}){{3,7}})(?![0-9A-Za-z])"
)
# "o8950OOO1881": begins like a number and holds letters that look like one digit only; its last is a digit.
_WITH_LETTERS: Final = re.compile(r"[0oO](?<![^\W_].)8[0-9oOlI .-]{7,15}[0-9](?![^\W_])")
_LETTERS: Final = str.maketrans("oOlI", "0011")
_FEWEST_REAL: Final = 6
# "nol delapan sembilan lima …"
_EIGHT: Final = re.compile("[lL][aA][pP][aA][nN]|[eE][iI][gG][hH][tT]")
_DIGIT_IN_WORDS: Final = rf"(?:{'|'.join(vocabulary.NUMBER_WORDS)})\b"
_MARK_IN_WORDS: Final = rf"(?:(?:{'|'.join(sorted(vocabulary.SPOKEN_MARKS))})[ ,.-]{{1,3}})?"
_IN_WORDS: Final = re.compile(
    rf"\b{_DIGIT_IN_WORDS}(?:[ ,.-]{{1,3}}{_MARK_IN_WORDS}{_DIGIT_IN_WORDS}){{9,12}}", re.IGNORECASE
)
# "0895⏎0000⏎7117": each line of a number on its own.
_LINES: Final = re.compile(r"^[ ]?(?:0|\+?62)[0-9]{1,4}-?(?:\n[ ]?[0-9]{2,4}-?){1,4}$", re.MULTILINE)
# "0812-3456-⏎7890": broken where a line was full.
_BROKEN: Final = re.compile(r"(?<=[0-9]-)\n(?=[0-9]{2,4}$)", re.MULTILINE)

_VISIBLE: Final = re.compile(f"[^{normalise.INVISIBLE}]+")


@dataclass(frozen=True, slots=True)
class NumberSpan:
    """A number in a text: `text == whole[start:end]`. Two readings of one stretch are two spans."""

    start: int
    end: int
    text: str
    parsed: Parsed


@dataclass(frozen=True, slots=True)
class TextContents:
    """What a text holds, in reading order, each once but for `numbers`: those are where they stand."""

    numbers: tuple[NumberSpan, ...]
    links: tuple[str, ...]  # as `canonical_link` spells them, without those that are a number or an account
    payment_accounts: tuple[str, ...]  # digits


def numbers_in(text: str) -> list[NumberSpan]:
    """The numbers, accounts and codes in a message, in reading order, each stretch once. Never raises."""
    return list(read_text(text).numbers)


def read_text(text: str, *, telegram: bool = False) -> TextContents:
    """What a message or a chat holds. `telegram`: a bare @name is an account there. Never raises."""
    return _Reader(text[:LONGEST_TEXT], telegram=telegram).contents()


def has_digits_of_number(text: str) -> bool:
    """Whether a text has at least as many digits as a telephone number."""
    return sum(map(str.isdigit, text)) >= _FEWEST_DIGITS


def payment_accounts_of(text: str) -> tuple[str, ...]:
    """The accounts of a field for them, as digits: "BCA 123-456-7890 a.n. Budi" and "1234567890" are one."""
    found = read_text(f"rekening {text}").payment_accounts
    digits = account_digits(text)
    return tuple(account_key(account) for account in found or (digits,) if len(account) >= FEWEST)


def links_of(text: str) -> tuple[str, ...]:
    """The links of a field for links, each in its one spelling; the text itself when it holds none."""
    found = tuple(dict.fromkeys(link.link for link in text_links.links_in(text[:LONGEST_TEXT])))
    plain = text.strip().lower()
    return found or ((plain,) if plain else ())


def account_key(account: str) -> str:
    """A wallet on a telephone number is known by its number, however its beginning is written."""
    return "0" + account[2:] if re.fullmatch(r"628[0-9]{8,11}", account) else account


class _Reader:
    """One text, from which is blanked what has been understood."""

    def __init__(self, raw: str, *, telegram: bool) -> None:
        self.raw = raw
        self.telegram = telegram
        folded = normalise.fold(raw)
        self.places: list[int] | None = None
        self.shown = raw
        if normalise.INVISIBLE in folded:
            visible = [match.span() for match in _VISIBLE.finditer(folded)]
            self.places = [place for start, end in visible for place in range(start, end)]
            self.shown = "".join([raw[start:end] for start, end in visible])
        self.text = normalise.visible(folded)
        self.named: frozenset[str] = frozenset()
        self.senders: set[int] = set()  # where the sender of a line of an exported chat begins
        self.spans: list[tuple[int, int, Parsed]] = []
        self.links: dict[str, int] = {}
        self.accounts: dict[str, int] = {}

    def contents(self) -> TextContents:
        lowered = _lower(self.text)
        self.named = countries.named_in(lowered)
        self._blank(list(self._contacts(lowered)))
        self._blank(list(self._addresses()))
        self._blank(list(text_links.names_and_mails(self.text)))
        for start, end, handle in chat_accounts(_lower(self.text), telegram=self.telegram):
            self.spans.append((start, end, Parsed(handle.kind, handle.canonical, self.shown[start:end])))
        self._blank([(start, end) for start, end, _parsed in self.spans])
        stamps = [match.span() for match in _STAMP.finditer(self.text)]
        self.senders = {end for _start, end in stamps}
        self._blank(stamps)
        self._blank([match.span() for match in _ITEM.finditer(self.text)])
        self._blank(glued_items(self.text))
        self._blank(list(coordinates(self.text)))
        self._blank([match.span() for match in _DIGEST.finditer(self.text)])
        self.text = _LINES.sub(lambda match: match[0].replace("\n", " "), self.text)
        self.text = _BROKEN.sub(" ", self.text)
        self.text = _WITH_LETTERS.sub(_as_digits, self.text)
        self._blank(list(self._in_words()))
        self._read_runs()
        self._blank([(start, end) for start, end, _parsed in self.spans])
        self.spans += _codes(self.text, self.shown)
        return TextContents(tuple(self._numbers()), tuple(self.links), tuple(self.accounts))

    def _contacts(self, lowered: str) -> Iterator[tuple[int, int]]:
        for start, end, readings in contact_links(lowered, self.shown):
            self.spans += [(start, end, parsed) for parsed in readings]
            yield start, end

    def _addresses(self) -> Iterator[tuple[int, int]]:
        lowered = _lower(self.text)
        for found in text_links.links_in(self.shown):
            if self.text[found.start] not in (LEFT_OUT, " "):  # no part of what was understood before
                end, link = path_apart(lowered, found.start, found.end, found.link)
                self.links.setdefault(link, found.start)
                yield found.start, end
        for spaced in spaced_links(lowered):
            if not spaced.chat:
                self.links.setdefault(spaced.link, spaced.start)
                yield spaced.start, spaced.end

    def _in_words(self) -> Iterator[tuple[int, int]]:
        if not _EIGHT.search(self.text):  # every mobile number holds one
            return
        for match in islice(_IN_WORDS.finditer(self.text), MOST_NUMBERS):
            found = dial(vocabulary.spoken_digits(match[0]) or "0")
            if isinstance(found, ParseResult):
                self.spans.append(
                    (
                        *match.span(),
                        Parsed(found.kind, found.canonical, self.shown[match.start() : match.end()]),
                    )
                )
                yield match.span()

    def _blank(self, spans: list[tuple[int, int]]) -> None:
        pieces, last = [], 0
        for start, end in sorted(spans):
            if start >= last:
                pieces += [self.text[last:start], LEFT_OUT, " " * (end - start - 1)]
                last = end
        if pieces:
            self.text = "".join([*pieces, self.text[last:]])

    def _read_runs(self) -> None:
        seen: dict[tuple[int, str], list[SpanReading]] = {}
        different: set[str] = set()
        for match in RUN.finditer(self.text):
            if not has_digits_of_number(match[0]):
                continue
            start, end = match.span()
            low, high = max(0, start - CONTEXT), end + CONTEXT
            if start in self.senders and self.text[end : end + 2] == ": ":
                low, high = start, end
            around = (start - low, self.text[low:high])
            known = seen.get(around)
            if known is None:
                if len(seen) >= MOST_EXAMINED or len(different) >= MOST_NUMBERS:
                    break
                known = seen[around] = read_run(around[1], start - low, end - low, self.named)
            if len(self.spans) >= MOST_SPANS:
                break
            self._keep(known, low)
            different.update(canonical for one in known for _kind, canonical in one.readings)

    def _keep(self, found: list[SpanReading], offset: int) -> None:
        for one in found:
            start, end = one.start + offset, one.end + offset
            if one.account:
                self.accounts.setdefault(one.account, start)
            for kind, canonical in one.readings:
                self.spans.append((start, end, Parsed(kind, canonical, self.shown[start:end])))

    def _numbers(self) -> Iterator[NumberSpan]:
        last, previous = -1, (-1, -1)
        for start, end, parsed in sorted(self.spans, key=lambda span: (span[0], span[1])):
            if start >= last or (start, end) == previous:
                last, previous = end, (start, end)
                while self.shown[start] in "([" and ")" not in self.shown[start:end]:
                    start += 1
                first, stop = self._raw(start), self._raw(end - 1) + 1
                yield NumberSpan(first, stop, self.raw[first:stop], parsed)

    def _raw(self, place: int) -> int:
        return place if self.places is None else self.places[place]


def _lower(text: str) -> str:
    """In lower case and as long: a few letters are longer in lower case, and such a text is left alone."""
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text


def _as_digits(match: re.Match[str]) -> str:
    """Letters for digits, where the person who chooses will see both. The text stays as long."""
    real = sum(map(str.isdigit, match[0]))
    return match[0].translate(_LETTERS) if real >= _FEWEST_REAL else match[0]


def _codes(text: str, shown: str) -> Iterator[tuple[int, int, Parsed]]:
    """Short codes and service numbers that the text says were called, or are to be called."""
    for match in islice(_CODE.finditer(text), MOST_EXAMINED):
        start, end = match.span()
        after = text[end : end + 12]
        if (
            _GOES_ON.match(after)
            or vocabulary.AMOUNT_AFTER.match(after)
            or vocabulary.DATE_AFTER.match(after)
        ):
            continue
        low = max(0, start - _CODE_REACH)
        long = end - start >= _LONG_CODE and _ALTERNATIVE.search(text, low, start)
        if long or _CODE_LABEL.search(text, low, start):
            try:
                yield start, end, parse(shown[start:end])
            except Refused:
                continue
