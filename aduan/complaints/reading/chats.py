"""Chats as apps copy and export them: each message begins with its day, its time and who sent it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aduan.complaints.reading import dates, day_order
from aduan.complaints.types import Channel
from aduan.numbers.parsing import has_digits_of_number

_FIGURES: Final = r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:20)?[0-9]{2}|20[0-9]{2}[/.-][0-9]{1,2}[/.-][0-9]{1,2}"
_WRITTEN: Final = r"[0-9]{1,2}\s[A-Za-z]{3,9}\.?\s20[0-9]{2}|[A-Za-z]{3,9}\.?\s[0-9]{1,2},\s20[0-9]{2}"
_DAY: Final = rf"(?:{_FIGURES}|{_WRITTEN})"
_CLOCK: Final = r"[0-9]{1,2}[.:][0-9]{2}(?:[.:][0-9]{2})?(?:\s?[AaPp]\.?[Mm]\.?)?"
_BEFORE_CLOCK: Final = r",?\s{1,2}(?:(?:pukul|jam|at)\s)?"
_WHEN: Final = rf"(?:{_DAY}{_BEFORE_CLOCK}{_CLOCK}|{_CLOCK},\s{_DAY})"
# Messages that were copied on a phone have no year.
_SHORT: Final = rf"(?:[0-9]{{1,2}}/[0-9]{{1,2}}{_BEFORE_CLOCK}{_CLOCK})"
_MARK: Final = "[\u200e\u200f]?"  # iPhones write one before each line
_FORMS: Final = (
    # "[09.15, 28/11/2026] +62 812-…: Halo", "[28/11, 09.15] Rina: Halo", "11/28/26, 9:15 AM - Rina: Halo"
    (Channel.WHATSAPP, rf"{_MARK}\[(?P<when>{_WHEN}|{_SHORT})\]\s(?P<who>[^:\n]{{1,60}}):\s"),
    (Channel.WHATSAPP, rf"{_MARK}(?P<when>{_WHEN})\s-\s(?P<who>[^:\n]{{1,60}}):\s"),
    # "Rina, [28/11/2026 09:15]", the message on the next line
    (Channel.TELEGRAM, rf"(?P<who>[^\[\n]{{1,60}}), \[(?P<when>{_WHEN})\]:?$"),
)
_FORMS_READ: Final = [(channel, re.compile(f"^{form}", re.MULTILINE)) for channel, form in _FORMS]
_STAMP: Final = re.compile(rf"(?<![\w/.-]){_WHEN}(?!\w)")
_COLON: Final = re.compile("[0-9]:[0-9]")  # Indonesian telephones write 21.15
_OURS: Final = frozenset(("anda", "kamu", "saya", "aku", "you", "me"))


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a text, from the beginning of its head to that of the next.

    `sender` is a number or a name. `days`: two, the day first and the month first, where only the person
    can tell in which order their telephone writes them.
    """

    channel: Channel
    start: int
    end: int
    sender: str
    days: tuple[dt.date, ...]
    time: str

    @property
    def is_of_stranger(self) -> bool:
        """Someone who is no contact is shown by number, or by a name of their own choice."""
        return has_digits_of_number(self.sender) or self.sender[0] in "~@"


@dataclass(frozen=True, slots=True)
class Chat:
    """The messages of a chat in their order, and the senders that are the person who pasted it."""

    messages: tuple[Message, ...]
    ours: frozenset[str]

    @property
    def strangers(self) -> list[Message]:
        return [one for one in self.messages if one.sender not in self.ours and one.is_of_stranger]

    @property
    def first(self) -> Message:
        """The first message of a stranger, else of the other side, else of all."""
        theirs = [one for one in self.messages if one.sender not in self.ours]
        return (self.strangers or theirs or list(self.messages))[0]

    @property
    def sides_unknown(self) -> bool:
        """Whether one of several senders may be the person, and nothing says which."""
        return not self.ours and len({one.sender for one in self.messages}) > 1

    def of_side(self, text: str, *, ours: bool) -> str:
        """The text with blanks for the messages of the one side: every place stays where it is."""
        kept = list(text)
        for one in self.messages:
            if (one.sender in self.ours) is not ours:
                kept[one.start : one.end] = " " * (one.end - one.start)
        return "".join(kept)


def chat_in(text: str, *, today: dt.date) -> Chat | None:
    """The chat that a text is; None where it is none."""
    heads = sorted(
        ((match.start(), channel, match) for channel, form in _FORMS_READ for match in form.finditer(text)),
        key=lambda head: head[0],
    )
    if not heads:
        return None
    ends = [*(start for start, _, _ in heads[1:]), len(text)]
    whens = [match["when"] for _, _, match in heads]
    american = any(map(day_order.has_twelve_hours, whens)) or any(map(_COLON.search, whens))
    days = day_order.days_of_chat(whens, today=today, american=american)
    messages = tuple(
        Message(channel, start, end, match["who"].strip(), day, dates.time_in(match["when"]))
        for (start, channel, match), end, day in zip(heads, ends, days, strict=True)
        if match["who"].strip()
    )
    return Chat(messages, _ours(messages)) if messages else None


def time_beside_day(text: str) -> str:
    """The time that stands right behind a day, or nothing: any other may be an hour of business."""
    stamp = _STAMP.search(text)
    return dates.time_in(stamp[0]) if stamp else ""


def _ours(messages: Sequence[Message]) -> frozenset[str]:
    """The senders that an app calls "You"; of two senders the one that is not the stranger."""
    senders = {one.sender: one.is_of_stranger for one in messages}
    named = frozenset(one for one in senders if one.casefold() in _OURS)
    if named or len(senders) != 2 or sum(senders.values()) != 1:
        return named
    return frozenset(one for one, is_stranger in senders.items() if not is_stranger)
