"""Find links and ids in a text that are a number or an account: wa.me/…, t.me/…, …@s.whatsapp.net, tel:…."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from aduan.numbers.numbering_plan import ParseResult
from aduan.numbers.parsing.errors import Refused
from aduan.numbers.parsing.parser import offered_by, parse
from aduan.numbers.parsing.spaced_links import spaced_links
from aduan.numbers.parsing.types import Parsed

_DOT: Final = r"(?:\.|\[\.\]|\(\.\))"
_DEFANGED: Final = re.compile(r"\[\.\]|\(\.\)")
_PATH: Final = r"/(?:\+?[0-9]{1,6}(?>(?:[ ().-]{1,2}[0-9]{1,6}){1,5})(?![^\s.,;:)])|[^\s<>\"']{3,300}+)"
_ASKED: Final = r"://[^\s<>\"']{3,300}+"
_CALLED: Final = r":\+?[0-9][0-9().-]{6,24}+"
# The text is in lower case; each alternative begins with one letter, so that most places are passed at once.
_HOST: Final = re.compile(
    rf"w(?:(?:a{_DOT}me|eb{_DOT}whatsapp{_DOT}com){_PATH}|hatsapp{_ASKED}|aid=(?P<waid>[0-9]{{8,15}}):?)"
    rf"|api{_DOT}whatsapp{_DOT}com{_PATH}"
    rf"|t(?:(?:{_DOT}me|elegram{_DOT}(?:me|dog)){_PATH}|g{_ASKED}|el{_CALLED})"
    rf"|s(?:ignal{_DOT}me(?=/#p){_PATH}|ms(?:to)?{_CALLED}|ips?{_CALLED}(?:@[^\s<>\"';]{{1,80}}+)?)"
    rf"|viber{_ASKED}|intent{_ASKED}|callto{_CALLED}"
)
_CHAT_ID: Final = re.compile(
    r"@\s?(?P<host>s\s?\.\s?whatsapp\s?\.\s?net|c\s?\.\s?us|g\.us|broadcast|newsletter|lid)\b"
)
_DIGITS_BEFORE: Final = re.compile(
    r"(?<![\w.])(?:(?:\+|(?<![0-9][ .-])62[ .-])[0-9 ().-]{0,20})?[0-9]{5,20}"
    r"(?:-[0-9]{6,12}|:[0-9]{1,3})? ?\Z"
)
_SCHEME_BEFORE: Final = re.compile(r"(?:h(?:tt|xx)ps?://)?(?:www\.)?\Z")
_INVITATION: Final = re.compile(
    r"t(?:elegram)?\.me/(?:joinchat/|\+[0-9-]*[a-z_])|wa\.me/(?:message/|qr/|c/(?!\+?[0-9]{8}))"
)
_SPACES: Final = re.compile(r"\s")
_QUESTIONS: Final = frozenset(("extra_digits", "ambiguous_prefix"))
_CLOSING: Final = ".,;:!?)]}'\"*_~`|"
MOST_FOUND: Final = 1_000  # links of one text
MOST_READ: Final = 200  # different ones
_LONGEST_SCHEME, _LONGEST_ID = 12, 34


class ContactLink(NamedTuple):
    """A link at `text[start:end]`, and what it leads to: several readings when only a person can tell."""

    start: int
    end: int
    readings: tuple[Parsed, ...]


def contact_links(lowered: str, shown: str) -> Iterator[ContactLink]:
    """Invitations to groups are none: they are links. `shown` is the text as it is written."""
    read = _Reader()
    yield from _followed(lowered, shown, read)
    yield from _chat_ids(lowered, shown, read)
    for link in spaced_links(lowered):
        if link.chat and (readings := read(link.link, shown[link.start : link.end])):
            yield ContactLink(link.start, link.end, readings)


def _followed(lowered: str, shown: str, read: _Reader) -> Iterator[ContactLink]:
    """Links as a browser or a telephone takes them, and the numbers of contact cards."""
    for match in islice(_HOST.finditer(lowered), MOST_FOUND):
        if lowered[match.start() - 1 : match.start()].isalnum():
            continue
        if match["waid"]:
            start, end = match.span("waid")
            yield ContactLink(start, match.end(), read(f"wa.me/{match['waid']}", shown[start:end]))
        elif not _INVITATION.match(_DEFANGED.sub(".", match[0])):
            begin = max(0, match.start() - _LONGEST_SCHEME)
            scheme = _SCHEME_BEFORE.search(lowered, begin, match.start())
            start = scheme.start() if scheme else match.start()
            end = match.start() + len(match[0].rstrip(_CLOSING))
            yield ContactLink(start, end, read(shown[start:end], shown[start:end]))


def _chat_ids(lowered: str, shown: str, read: _Reader) -> Iterator[ContactLink]:
    for match in islice(_CHAT_ID.finditer(lowered), MOST_FOUND):
        digits = _DIGITS_BEFORE.search(lowered, max(0, match.start() - _LONGEST_ID), match.start())
        if digits:
            text = shown[digits.start() : match.end()]
            yield ContactLink(digits.start(), match.end(), read(_SPACES.sub("", text), text))


class _Reader:
    """Reads each link once, and only so many different ones of a text."""

    def __init__(self) -> None:
        self.known: dict[str, tuple[ParseResult, ...]] = {}

    def __call__(self, text: str, raw: str) -> tuple[Parsed, ...]:
        if text not in self.known:
            self.known[text] = _read(text) if len(self.known) < MOST_READ else ()
        return tuple(Parsed(found.kind, found.canonical, raw) for found in self.known[text])


def _read(text: str) -> tuple[ParseResult, ...]:
    """Digits of a link that begin with 0 were typed by hand: the national number is offered."""
    try:
        found = [parse(_DEFANGED.sub(".", text))]
    except Refused as refused:
        found = offered_by(refused) if refused.reading or refused.code in _QUESTIONS else []
    return tuple(ParseResult(one.kind, one.canonical) for one in found)
