"""The course of ninety days, drawn from a seed before anything happens.

Who complains when, what is decided when.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from sample.stories import FilledStory, Story, fill_story, stories

DAYS: Final = 90
# Shares of prefixes, roughly as the market: operators' real prefixes, invented subscribers.
PREFIXES: Final = (
    "0812", "0812", "0813", "0821", "0822", "0852", "0853", "0811", "0851",
    "0857", "0856", "0815", "0858", "0895", "0896", "0897", "0898",
    "0817", "0818", "0819", "0877", "0878", "0859", "0831", "0838", "0881", "0882", "0888",
)  # fmt: skip
_OTHERS: Final = ("+60 11-0000 0{:03d}", "021 5000 0{:03d}", "1500888", "3636")


class Ending(StrEnum):
    """Where a case is at the end of the sample."""

    OPEN = "open"
    ASKED = "asked"
    PROPOSED = "proposed"
    DISPUTED = "disputed"
    BLOCKED = "blocked"
    REFERRED = "referred"
    SPOOFED = "spoofed"
    DISMISSED = "dismissed"
    NOT_OURS = "not_ours"
    RELEASED = "released"


_SHARES: Final = (
    (Ending.OPEN, 26), (Ending.BLOCKED, 42), (Ending.DISMISSED, 8), (Ending.ASKED, 6), (Ending.PROPOSED, 5),
    (Ending.REFERRED, 8), (Ending.RELEASED, 4), (Ending.DISPUTED, 2), (Ending.SPOOFED, 2),
)  # fmt: skip


_UNSETTLED: Final = frozenset({Ending.ASKED, Ending.PROPOSED, Ending.DISPUTED})


@dataclass(slots=True)
class Filing:
    """One complaint that will be filed."""

    key: uuid.UUID
    at: dt.datetime
    filled: FilledStory
    device: str
    address: str
    email: str
    picture: bool


@dataclass(slots=True)
class Line:
    """One reported number, its complaints in the order of time, and what becomes of it when."""

    number: str
    ending: Ending
    begins_at: dt.datetime
    decided_at: dt.datetime
    urgent: bool = False
    filings: list[Filing] = field(default_factory=list)


def draw(complaints: int, *, seed: int, until: dt.datetime) -> list[Line]:
    """The same for the same arguments.

    Few numbers get many complaints, most get one or two (Zipf, s = 0.8).
    """
    dice = random.Random(seed)  # noqa: S311 - a sample, not a secret
    count = max(1, complaints * 2 // 5)
    lines = [_line(turn, dice, until) for turn in range(count)]
    weights = [1 / (rank + 1) ** 0.8 for rank in range(count)]
    picked = list(range(count)) + dice.choices(range(count), weights, k=max(0, complaints - count))
    for turn in sorted(picked[:complaints]):
        line = lines[turn]
        line.filings.append(_filing(line, dice, turn, until))
    for line in lines:
        line.filings.sort(key=lambda filing: filing.at)
    return [line for line in lines if line.filings]


def _line(turn: int, dice: random.Random, until: dt.datetime) -> Line:
    if turn % 17 == 16:
        number = dice.choice(_OTHERS).format(turn % 1000)
        ending = Ending.NOT_OURS if dice.random() < 0.4 else Ending.OPEN
    elif turn % 17 == 8:  # no operator can block an account
        number, ending = f"t.me/akun_contoh_{turn % 1000}", Ending.REFERRED
    else:
        number = f"{dice.choice(PREFIXES)}-0000-{turn % 10000:04d}"
        ending = dice.choices(*zip(*_SHARES, strict=True))[0]
    begins = until - dt.timedelta(days=0.5 + (DAYS - 0.5) * dice.random())
    if ending in _UNSETTLED:  # these are recent: no proposal waits for two months
        begins = until - dt.timedelta(days=1 + 6 * dice.random())
    if ending == Ending.BLOCKED and turn % 3 == 0:  # a wave of the last days, put on lists between months
        begins = until - dt.timedelta(days=0.6 + 1.6 * dice.random())
        return Line(number, ending, begins, begins + dt.timedelta(hours=4 + 8 * dice.random()), urgent=True)
    return Line(number, ending, begins, begins + dt.timedelta(days=0.3 + 4 * dice.random()))


def _filing(line: Line, dice: random.Random, turn: int, until: dt.datetime) -> Filing:
    pool = _fitting(line)
    filled = fill_story(pool[(turn * 7 + len(line.filings) // 3) % len(pool)], dice)
    person = dice.randrange(10**9)
    at = line.begins_at
    if line.filings:  # most come before the decision, some go on after it
        span = line.decided_at - at if dice.random() < 0.8 else until - at
        at += span * dice.random()
    at = min(at, until - dt.timedelta(minutes=dice.randrange(2, 90)))
    return Filing(
        key=uuid.UUID(int=dice.getrandbits(128), version=4),
        at=at,
        filled=filled,
        device=f"sample-{person}",
        address=".".join(str(dice.randrange(11, 190)) for _part in range(4)),
        email=f"warga{person % 9973}@example.id" if dice.random() < 0.35 else "",
        picture=filled.channel != "call" and dice.random() < 0.3,
    )


def _fitting(line: Line) -> list[Story]:
    """A platform is referred to for what happened on it; a spoofed number rang."""
    if line.ending == Ending.REFERRED:
        platform = "telegram" if line.number.startswith("t.me/") or line.number[-1] in "147" else "whatsapp"
        return [story for story in stories() if story.channel == platform]
    if line.ending == Ending.SPOOFED:
        return [story for story in stories() if story.category in {"SPOOFING", "PETUGAS_BANK"}]
    return list(stories())
