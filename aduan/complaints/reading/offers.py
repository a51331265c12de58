"""What a screen or a message offers for each field of the form, and where it stands on the picture."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from aduan.complaints.evidence.conversion import Word
from aduan.complaints.reading import apps, dates, day_order
from aduan.complaints.reading.layout import Bubble, Side, TextLine, bubbles_of, lines_of, said
from aduan.complaints.reading.types import (
    LONGEST_READING,
    MOST_NUMBERS,
    MOST_OF_A_KIND,
    Offer,
    OfferKind,
    Reading,
    Region,
)
from aduan.complaints.types import Channel
from aduan.numbers.kinds import NumberKind
from aduan.numbers.parsing import (
    NumberSpan,
    Parsed,
    Refused,
    has_digits_of_number,
    named_account,
    numbers_in,
    parse,
    read_text,
)

LONGEST_NARRATIVE: Final = 4_000
_DIGITS: Final = re.compile(r"[+(]?[0-9][0-9 ()./-]{6,22}[0-9]")
_CALLS_OF_ONE: Final = re.compile(r"(?<=[0-9])\s?\([0-9]{1,2}\)")  # "0812-3456-7890 (3)": called three times
_SENDER: Final = re.compile(r"[A-Z][A-Z0-9 ._-]{2,10}|[0-9]{3,6}")
_LETTERS: Final = re.compile(r"[^\W\d_]{3}")
# "Nomor Anda 0812-… memenangkan hadiah": the writer names the number of the person they write to.
_ADDRESSED: Final = re.compile(
    r"(?:\b(?:nomor|nomer|no|nmr)\b\.?\s?(?:hp\s|wa\s|te?le?pon\s|handphone\s|ponsel\s)?(?:anda|kamu)"
    r"|\byour\s(?:phone\s|mobile\s|whatsapp\s)?number)\s?[:,(]?\s?$",
    re.IGNORECASE,
)
_MARGIN: Final = 6  # pixels around a cut-out


def offers_of_picture(words: Iterable[Word], sizes: Sequence[tuple[int, int]], *, today: dt.date) -> Reading:
    """The offers of one picture, from its words and the width and height of each page."""
    lines = lines_of(words, [width for width, _height in sizes])
    if apps.is_paper(lines):
        return _of_paper(lines, sizes, today)
    bubbles = bubbles_of(lines)
    channel = apps.channel_of(lines, bubbles)
    numbers = list(_numbers(lines, bubbles, channel))
    offers = [
        *numbers[:MOST_NUMBERS],
        *([Offer(OfferKind.CHANNEL, channel)] if channel else []),
        *_moment(lines, bubbles, today, calls=channel == Channel.CALL),
        *_contents(bubbles or [Bubble(Side.THEIRS, (line,)) for line in lines]),
        *_narrative(bubbles, channel),
    ]
    return Reading(
        offers=tuple(offers),
        text="\n".join(line.text for line in lines)[:LONGEST_READING],
        asks_number=_asks(lines, numbers),
        left_out=max(len(numbers) - MOST_NUMBERS, 0),
        pages=tuple(sizes),
        contact_named=_is_named(lines, numbers) and bool(channel or any(one.time for one in bubbles)),
    )


def _of_paper(lines: Sequence[TextLine], sizes: Sequence[tuple[int, int]], today: dt.date) -> Reading:
    """A proof of payment or a letter: one text without sides, whose date may stand anywhere."""
    body = [replace(line, side=Side.THEIRS) for line in lines]
    whole = [Bubble(Side.THEIRS, tuple(body))]
    numbers = list(_numbers((), whole, ""))
    text = "\n".join(line.text for line in body)
    offers = [
        *numbers[:MOST_NUMBERS],
        *_moment(body, (), today, calls=False),
        *_contents(whole),
        Offer(OfferKind.TEXT, text[:LONGEST_NARRATIVE], _around(body[0].region)),
    ]
    left_out = max(len(numbers) - MOST_NUMBERS, 0)
    return Reading(tuple(offers), text[:LONGEST_READING], not numbers, left_out, tuple(sizes))


def days_offered(days: Sequence[dt.date], text: str, region: Region | None = None) -> Iterator[Offer]:
    """One day of this text; two in two orders of day and month say how they were read."""
    roles: tuple[str, ...] = ("day_first", "month_first")
    if len(days) == 1:
        roles = ("from_today" if dates.is_from_today(text) else "",)
    for day, role in zip(days, roles, strict=False):
        yield Offer(OfferKind.DATE, day.isoformat(), region, role)


def _numbers(lines: Sequence[TextLine], bubbles: Sequence[Bubble], channel: str) -> Iterator[Offer]:
    """The number of the head line or of the call first, then those that the other side named."""
    seen: set[str] = set()
    for parsed, region, role in [
        *_numbers_of_lines(lines, channel),
        *_numbers_of_bubbles(bubbles, telegram=channel == Channel.TELEGRAM),
    ]:
        if parsed.canonical not in seen:
            seen.add(parsed.canonical)
            yield Offer(OfferKind.NUMBER, parsed.display, region, role)


def _numbers_of_lines(lines: Sequence[TextLine], channel: str) -> Iterator[tuple[Parsed, Region, str]]:
    calls = channel == Channel.CALL
    for line in lines:
        if line.side is Side.HEAD or calls:
            parsed = number_alone(line.text, sender=channel == Channel.SMS and line.side is Side.HEAD)
            if parsed is not None:
                yield parsed, _around(line.region), "call" if calls else "head"


def number_alone(text: str, *, sender: bool) -> Parsed | None:
    """The number of a line that holds nothing else of weight: a title, not a sentence."""
    match = _DIGITS.search(_CALLS_OF_ONE.sub("", text))
    if match is not None and has_digits_of_number(match[0]):
        try:
            return parse(match[0].strip())
        except Refused:
            found = numbers_in(f"nomor {match[0]}")
            return found[0].parsed if found else None
    if sender and _SENDER.fullmatch(text.strip()):
        try:
            return parse(text.strip(), hint=NumberKind.SENDER_ID)
        except Refused:
            return None
    return None


def _numbers_of_bubbles(bubbles: Sequence[Bubble], *, telegram: bool) -> Iterator[tuple[Parsed, Region, str]]:
    for bubble in bubbles:
        if bubble.side is not Side.THEIRS:
            continue
        text, begins = said(bubble)
        for span in read_text(text, telegram=telegram).numbers:
            if is_addressed(text, span):
                continue
            yield span.parsed, _lines_at(bubble, begins, span.start, span.end), "message"


def is_addressed(text: str, span: NumberSpan) -> bool:
    """Whether the text calls the number that of the person it is written to."""
    return _ADDRESSED.search(text, max(span.start - 30, 0), span.start) is not None


def _contents(bubbles: Sequence[Bubble]) -> Iterator[Offer]:
    """Links, accounts and sums that the other side wrote, each once."""
    seen: set[tuple[OfferKind, str]] = set()
    count: dict[OfferKind, int] = {}
    for bubble in bubbles:
        if bubble.side is not Side.THEIRS:
            continue
        text, begins = said(bubble)
        contents = read_text(text)
        for kind, value in (
            *((OfferKind.LINK, link) for link in contents.links),
            *((OfferKind.ACCOUNT, named_account(text, one)) for one in contents.payment_accounts),
            *((OfferKind.AMOUNT, str(amount)) for amount in dates.amounts_in(text)),
        ):
            if (kind, value) in seen or count.get(kind, 0) >= MOST_OF_A_KIND:
                continue
            seen.add((kind, value))
            count[kind] = count.get(kind, 0) + 1
            yield Offer(kind, value, _place_of(bubble, begins, text, value))


def _place_of(bubble: Bubble, begins: list[int], text: str, value: str) -> Region:
    """Where a value stands that is written otherwise in the text: by its first figures or letters.

    The bank of an account may stand before its figures or behind them.
    """
    value = value.rpartition(" ")[2]
    key = re.escape(value[0]) + "".join(rf"[ .,-]{{0,2}}{re.escape(one)}" for one in value[1:4])
    match = re.search(key, text, re.IGNORECASE)
    start = match.start() if match else 0
    return _lines_at(bubble, begins, start, min(start + len(value), len(text)))


def _lines_at(bubble: Bubble, begins: list[int], start: int, end: int) -> Region:
    """The region of the lines that hold a stretch of a bubble's text."""
    first = max(index for index, begin in enumerate(begins) if begin <= start)
    last = max(index for index, begin in enumerate(begins) if begin < max(end, start + 1))
    touched = bubble.lines[first : last + 1]
    left, top = min(line.left for line in touched), min(line.top for line in touched)
    right, bottom = max(line.right for line in touched), max(line.bottom for line in touched)
    return _around(Region(touched[0].page, left, top, right - left, bottom - top))


def _around(region: Region) -> Region:
    left, top = max(region.left - 2 * _MARGIN, 0), max(region.top - _MARGIN, 0)
    width, height = (
        region.left + region.width + 2 * _MARGIN - left,
        region.top + region.height + _MARGIN - top,
    )
    return Region(region.page, left, top, width, height)


def _moment(
    lines: Sequence[TextLine], bubbles: Sequence[Bubble], today: dt.date, *, calls: bool
) -> Iterator[Offer]:
    """The first date that stands between the bubbles or under a call, and the first message's time."""
    dated = [
        line
        for line in lines
        if line.side is not Side.HEAD and (calls or line.side is Side.MIDDLE or not bubbles)
    ]
    american = any(day_order.has_twelve_hours(line.text) for line in lines)
    for line, days in zip(
        dated, day_order.days_of([line.text for line in dated], today=today, american=american), strict=True
    ):
        if days:
            yield from days_offered(days, line.text, _around(line.region))
            if time := dates.time_in(line.text):
                yield Offer(OfferKind.TIME, time, _around(line.region))
            break
    stamped = next((bubble for bubble in bubbles if bubble.side is Side.THEIRS and bubble.time), None)
    if stamped is not None:
        place = stamped.stamp or stamped.lines[-1].region
        yield Offer(OfferKind.TIME, stamped.time, _around(place))


def _narrative(bubbles: Sequence[Bubble], channel: str) -> Iterator[Offer]:
    """What both sides wrote, a bubble a line; ours marked."""
    theirs = [bubble for bubble in bubbles if bubble.side is Side.THEIRS]
    if channel == Channel.CALL or not theirs or not _LETTERS.search(said(theirs[0])[0]):
        return
    written = [("" if bubble.side is Side.THEIRS else "Saya: ") + said(bubble)[0] for bubble in bubbles]
    yield Offer(OfferKind.TEXT, "\n".join(written)[:LONGEST_NARRATIVE], _around(theirs[0].lines[0].region))


def _asks(lines: Sequence[TextLine], numbers: Sequence[Offer]) -> bool:
    """A chat with a name at its head: the number behind the name is not on the picture."""
    return _is_named(lines, numbers) or not numbers


def _is_named(lines: Sequence[TextLine], numbers: Sequence[Offer]) -> bool:
    named = any(line.side is Side.HEAD and _LETTERS.search(line.text) for line in lines)
    return named and not any(offer.role in {"head", "call"} for offer in numbers)
