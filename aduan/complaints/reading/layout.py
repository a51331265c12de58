"""Words with places → lines, and what each line is on a phone's screen: head line, bubble, time stamp."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import Final

from aduan.complaints.evidence.conversion import Word
from aduan.complaints.reading.dates import hour_and_minute
from aduan.complaints.reading.types import Region

_HEAD: Final = 0.25  # of the width: how far down the head line of an app may be
_TITLE: Final = re.compile(r"[0-9](?:[ ()-]{0,2}[0-9]){8}")  # a number may be centred, like a date
# What stands under the name of a contact, long enough to be taken for a date between the bubbles.
_PRESENCE: Final = re.compile(
    r"terakhir\s(?:ter)?(?:di)?lihat|last\sseen|(?:^|\W)aktif\s|active\s", re.IGNORECASE
)
_STATUS: Final = 0.11  # and the phone's own line
_LEFT: Final = 0.2  # bubbles of the other side begin left of here
_RIGHT: Final = 0.8  # and ours end right of here
_STAMP: Final = re.compile(r"^\W{0,2}([0-2]?[0-9])[.:,]([0-5][0-9])(?:\s?([AaPp])\.?[Mm])?[\W_vVwJ/]{0,6}$")
_PHONE_LINE: Final = re.compile(
    r"(?:^|\s)(?:[0-9]{1,3}\s?%|[2-5]G\+?|LTE|VoLTE|[0-9.,]+\s?[KM]B/s)", re.IGNORECASE
)
_CLOCK: Final = re.compile(r"^[0-2]?[0-9][.:][0-5][0-9]\b")
# What stands in the empty field at the bottom.
_FIELD: Final = re.compile(
    r"^\W*(?:ketik(?:kan)?\spesan|pesan\steks|pesan|kirim\spesan|tulis\spesan|(?:type\sa\s|text\s)?message|sms|imessage)\W*(?:\S{1,2}\W*)?$",
    re.IGNORECASE,
)
_WORD: Final = re.compile(r"[^\W\d_]{3,}")
_JUNK: Final = re.compile(r"^[^\w+@]*$")


class Side(StrEnum):
    HEAD = "head"
    THEIRS = "theirs"
    OURS = "ours"
    MIDDLE = "middle"  # dates and notices between bubbles
    STAMP = "stamp"  # the time in a bubble


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of a page; `side` is what it is."""

    text: str
    page: int
    left: int
    top: int
    right: int
    bottom: int
    side: Side = Side.THEIRS

    @property
    def height(self) -> int:
        return self.bottom - self.top

    @property
    def region(self) -> Region:
        return Region(self.page, self.left, self.top, self.right - self.left, self.height)


@dataclass(frozen=True, slots=True)
class Bubble:
    """Lines that belong together, with the time stamp under them."""

    side: Side
    lines: tuple[TextLine, ...]
    time: str = ""  # HH:MM
    stamp: Region | None = None


def lines_of(words: Iterable[Word], widths: Sequence[int]) -> list[TextLine]:
    """The lines from top to bottom, each with what it is. What only the phone itself shows is left out."""
    grouped: dict[tuple[int, int], list[Word]] = {}
    for word in words:
        grouped.setdefault((word.page, word.line), []).append(word)
    lines = sorted((_line(group) for group in grouped.values()), key=lambda line: (line.page, line.top))
    kept: list[TextLine] = []
    for line in lines:
        width = widths[line.page]
        if _is_of_phone(line, width) or _JUNK.match(line.text):
            continue
        if kept and kept[-1].page < line.page and line.text == kept[-1].text:
            continue  # the strip that two pages share
        kept.append(_with_side(line, width))
    return _without_bubbles_at_the_head(kept)


def _without_bubbles_at_the_head(lines: list[TextLine]) -> list[TextLine]:
    """A picture that was cut above a bubble has no head line: what is written there is a message."""
    kept: list[TextLine] = []
    group: list[TextLine] = []
    for line in [*lines, None]:
        if group and (line is None or not _goes_on(group[-1], line)):
            side = Side.THEIRS if group[0].side is Side.HEAD and _is_said(group) else group[0].side
            kept += [replace(one, side=side) for one in group]
            group = []
        if line is not None:
            group.append(line)
    return kept


def _is_said(group: Sequence[TextLine]) -> bool:
    """Three lines under each other, or a number within a sentence, but for when a contact was seen last."""
    if any(_PRESENCE.search(one.text) for one in group):
        return False
    sentence = any(_TITLE.search(one.text) and len(_WORD.findall(one.text)) > 2 for one in group)
    return sentence or len(group) > 2


def _line(words: list[Word]) -> TextLine:
    words = sorted(words, key=lambda word: word.left)
    return TextLine(
        _SCHEME.sub("https://", "".join(_spaced(words))),
        words[0].page,
        min(word.left for word in words),
        min(word.top for word in words),
        max(word.left + word.width for word in words),
        max(word.top + word.height for word in words),
    )


def _spaced(words: list[Word]) -> Iterator[str]:
    yield words[0].text
    for before, word in pairwise(words):
        gap = (word.left - before.left - before.width) / max(before.height, 1)
        yield word.text if _is_one_word(before.text, word.text, gap) else f" {word.text}"


def _is_one_word(before: str, text: str, gap: float) -> bool:
    """Whether the reader saw a blank where there is none: around a "1", within a long figure."""
    if before.removeprefix("+").isdecimal() and _FIGURE.fullmatch(text):
        return gap < _WITHIN_FIGURE
    if _HOST_ENDS.match(text) and ("/" in text or _HOST_BEGUN.search(before)):
        return gap < _WITHIN_HOST
    return gap < _NARROW and bool(_IN_LINK.search(before) and _TAIL.fullmatch(text))


def _is_of_phone(line: TextLine, width: int) -> bool:
    if line.page or line.top > _STATUS * width:
        return False
    return bool(_PHONE_LINE.search(line.text)) or (
        _CLOCK.match(line.text) is not None and line.top < _STATUS / 2 * width
    )


def _with_side(line: TextLine, width: int) -> TextLine:
    side = Side.MIDDLE
    centred = abs((line.left + line.right) / 2 - width / 2) < 0.07 * width and line.left > 0.14 * width
    titled = not centred or bool(_TITLE.search(line.text) or _PRESENCE.search(line.text))
    if line.page == 0 and line.bottom < _HEAD * width and titled and not _STAMP.match(line.text):
        side = Side.HEAD
    elif _STAMP.match(line.text):
        side = Side.STAMP
    elif _FIELD.match(line.text):
        side = Side.MIDDLE
    elif not centred:
        side = Side.THEIRS if line.left < _LEFT * width else Side.OURS
    if side is Side.OURS and line.right < _RIGHT * width:
        side = Side.MIDDLE
    return TextLine(line.text, line.page, line.left, line.top, line.right, line.bottom, side)


def bubbles_of(lines: Sequence[TextLine]) -> list[Bubble]:
    """The lines of the two sides, joined where they stand under each other with the same left edge."""
    bubbles: list[Bubble] = []
    group: list[TextLine] = []
    for line in [*lines, None]:
        if group and (line is None or not _goes_on(group[-1], line)):
            bubbles.append(Bubble(group[0].side, tuple(group)))
            group = []
        if line is None or line.side is Side.HEAD:
            continue
        if line.side is Side.STAMP:
            _stamp_last(bubbles, line)
        elif line.side in {Side.THEIRS, Side.OURS}:
            group.append(line)
    return bubbles


def _goes_on(above: TextLine, line: TextLine) -> bool:
    if line.side is not above.side or line.page != above.page:
        return False
    tall = max(above.height, line.height, 1)
    return line.top - above.bottom < 1.0 * tall and abs(line.left - above.left) < 1.5 * tall


def _stamp_last(bubbles: list[Bubble], line: TextLine) -> None:
    match = _STAMP.match(line.text)
    if bubbles and match and not bubbles[-1].time:
        last = bubbles[-1]
        bubbles[-1] = Bubble(
            last.side, last.lines, hour_and_minute(match[1], match[2], match[3]), line.region
        )


def _ends_in_a_cut_link(text: str) -> bool:
    """An address that goes on behind the hyphen at the edge."""
    last = text.rsplit(maxsplit=1)[-1] if text.strip() else ""
    return last.endswith("-") and ("://" in last or "www." in last)


def said(bubble: Bubble) -> tuple[str, list[int]]:
    """The text of a bubble on one line, and where in it each of its lines begins.

    A link that the bubble's edge cut in two is one word again.
    """
    widest = max(line.right - line.left for line in bubble.lines)
    text, begins = bubble.lines[0].text, [0]
    for above, line in pairwise(bubble.lines):
        full = above.right - above.left > 0.85 * widest and " " not in above.text
        cut = _IN_LINK.search(above.text) and full and _MORE_LINK.match(line.text)
        joint = "" if cut or _ends_in_a_cut_link(above.text) else " "
        begins.append(len(text) + len(joint))
        text += joint + line.text
    return text, begins


_IN_LINK: Final = re.compile(r"://|www\.|\.[a-z]{2,6}/")
# A word of the message may stand under a link that is as wide as its bubble.
_MORE_LINK: Final = re.compile(r"^(?:[\w/.?=&%-]*[0-9/_.?=&%-][\w/.?=&%-]*(?:\s|$)|\w+$)")
_SCHEME: Final = re.compile(r"\bh[itl1f]{1,2}ps://")  # "hitps://" is what small letters become
_TAIL: Final = re.compile(r"(?=[a-z]{0,3}[0-9])[a-z0-9]{1,4}\W{0,2}")
_HOST_BEGUN: Final = re.compile(r"://[\w-]+$")  # no dot yet: the name of a site goes on
_HOST_ENDS: Final = re.compile(r"[0-9]{1,2}\.[a-z]{2,10}(?![\w.-])", re.IGNORECASE)
# Parts of the height: a gap around a "1" is no blank, and an end of a host's name stands for no word.
_NARROW, _WITHIN_HOST = 0.5, 0.8
_FIGURE: Final = re.compile(r"[0-9]+\W?")
_WITHIN_FIGURE: Final = 0.25  # of the height: no blank between groups of figures is so narrow
