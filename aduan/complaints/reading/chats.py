"""Chats as apps copy and export them: each message begins with its day, its time and who sent it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from aduan.complaints.reading import dates
from aduan.complaints.types import Channel

_DAY: Final = r"[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:20)?[0-9]{2}"
_CLOCK: Final = r"[0-9]{1,2}[.:][0-9]{2}(?:[.:][0-9]{2})?(?:\s?[AaPp]\.?[Mm]\.?)?"
_WHEN: Final = rf"(?:{_DAY},?\s{{1,2}}{_CLOCK}|{_CLOCK},\s{_DAY})"
_MARK: Final = "[\u200e\u200f]?"  # iPhones write one before each line
_FORMS: Final = (
    # "[09.15, 28/11/2026] +62 812-…: Halo", "28/11/26 09.15 - Rina: Halo"
    (Channel.WHATSAPP, rf"{_MARK}\[(?P<when>{_WHEN})\]\s(?P<who>[^:\n]{{1,60}}):\s"),
    (Channel.WHATSAPP, rf"{_MARK}(?P<when>{_WHEN})\s-\s(?P<who>[^:\n]{{1,60}}):\s"),
    # "Rina, [28/11/2026 09:15]", the message on the next line
    (Channel.TELEGRAM, rf"(?P<who>[^\[\n]{{1,60}}), \[(?P<when>{_WHEN})\]$"),
)
_FORMS_READ: Final = [(channel, re.compile(f"^{form}", re.MULTILINE)) for channel, form in _FORMS]


@dataclass(frozen=True, slots=True)
class Message:
    """The head of one message; `sender` is a number or the name that the person gave it."""

    channel: Channel
    date: dt.date | None
    time: str
    sender: str


def first_message(text: str, *, today: dt.date) -> Message | None:
    """The first message from a bare number, else the first; None where the text is no chat."""
    first = None
    for message in _messages(text, today):
        if sum(map(str.isdigit, message.sender)) >= 8:
            return message
        first = first or message
    return first


def _messages(text: str, today: dt.date) -> Iterator[Message]:
    for channel, form in _FORMS_READ:
        for match in form.finditer(text):
            date, time = dates.date_in(match["when"], today=today), dates.time_in(match["when"])
            yield Message(channel, date, time, match["who"].strip())
