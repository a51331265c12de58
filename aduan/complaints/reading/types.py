"""Offers: plain values that are stored with a waiting file and shown by the form."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final

MOST_NUMBERS: Final = 10  # of one complaint
MOST_OF_A_KIND: Final = 5
LONGEST_READING: Final = 20_000  # characters that are kept of what was read on one picture


class OfferKind(StrEnum):
    NUMBER = "number"
    CHANNEL = "channel"
    DATE = "date"  # ISO 8601
    TIME = "time"  # HH:MM
    LINK = "link"
    ACCOUNT = "account"  # digits
    AMOUNT = "amount"  # whole rupiah
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Region:
    """A place on a page of the picture, in pixels of the page as it was read."""

    page: int
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Offer:
    """One value for the form.

    `role` says of a number where it stood: head, call or message; of a day that may be read in two ways
    which it is: day_first or month_first; of "today" and "yesterday": from_today.
    """

    kind: OfferKind
    value: str
    region: Region | None = None
    role: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read on one picture or in one message.

    `asks_number`: there is no number of the other side; `contact_named`: because the head line of the chat
    shows a contact's name, so that the person has to look it up.
    `left_out`: how many more numbers there were. `text` is all that was read, for the desk.
    """

    offers: tuple[Offer, ...] = ()
    text: str = ""
    asks_number: bool = False
    left_out: int = 0
    pages: tuple[tuple[int, int], ...] = ()  # width and height of each page
    contact_named: bool = False
    sides_unknown: bool = False  # of a pasted chat: one of its numbers may be the person's own

    def of(self, kind: OfferKind) -> list[Offer]:
        return [offer for offer in self.offers if offer.kind is kind]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, row: dict[str, Any]) -> Reading:
        offers = tuple(
            Offer(
                OfferKind(one["kind"]),
                one["value"],
                Region(**one["region"]) if one["region"] else None,
                one["role"],
            )
            for one in row["offers"]
        )
        pages = tuple((width, height) for width, height in row["pages"])
        named = row.get("contact_named", False)  # a release before did not tell
        return cls(offers, row["text"], row["asks_number"], row["left_out"], pages, named)
