"""Offers as the form shows them: in words, with the window on the picture, and taken into the fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from django.core import signing
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from aduan.complaints import reading
from aduan.complaints import services as complaints
from aduan.complaints.reading import Offer, OfferKind, Reading
from aduan.complaints.types import Channel
from portal.common.amounts import in_rupiah
from portal.public import staging

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

VIEW_SALT: Final = "portal.public.offers"
_ALONG: Final = "|channel:"
_LINES_SHOWN: Final = 160  # characters of a text on its card
# What an offer is called, and the field of the form that it is for.
_NAMES: Final[dict[OfferKind, StrOrPromise]] = {
    OfferKind.NUMBER: _("Number of the other side"),
    OfferKind.CHANNEL: _("How they reached you"),
    OfferKind.DATE: _("Day"),
    OfferKind.TIME: _("Time of the message"),
    OfferKind.LINK: _("Link they sent"),
    OfferKind.ACCOUNT: _("Account they named"),
    OfferKind.AMOUNT: _("Sum they named: take it if you lost it"),
    OfferKind.TEXT: _("Text of the messages"),
}
FIELDS: Final = {
    OfferKind.NUMBER: "number",
    OfferKind.CHANNEL: "channel",
    OfferKind.DATE: "occurred_on",
    OfferKind.TIME: "occurred_time",
    OfferKind.LINK: "link",
    OfferKind.ACCOUNT: "bank_account",
    OfferKind.AMOUNT: "loss",
    OfferKind.TEXT: "narrative",
}
_NAMED_IN_MESSAGE: Final = _("Number named in a message")
# What stands in the place of a name for a day that may be another.
_DAYS_READ: Final[dict[str, StrOrPromise]] = {
    "day_first": _("Day, when the day is written before the month"),
    "month_first": _("Day, when the month is written before the day"),
    "from_today": _("Day, if the picture or the message is from today"),
}
_ONE_OF_THE_SIDES: Final = _("Number that wrote in the chat")
_IN_CALL_LOG: Final = _("Number in the call log")
_NUMBER_ON: Final = _("Number of the other side, on %(channel)s")


@dataclass(frozen=True, slots=True)
class Cut:
    """A window on a page of the picture: its picture is drawn behind it, nothing is cut on the server."""

    src: str
    page_width: int
    page_height: int
    left: int
    top: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Shown:
    """One card: `take` is what the form sends when it is ticked.

    `along` is the channel that the card names and that is taken together with its number.
    """

    name: StrOrPromise
    text: str
    field: str
    value: str
    big: bool = False
    cut: Cut | None = None
    along: str = ""

    @property
    def take(self) -> str:
        return f"{self.field}:{self.value}"

    def stands_in(self, form: Mapping[str, str]) -> bool:
        typed = [form.get(self.field, "")]
        if self.field == "number":
            typed += form.get("other_numbers", "").splitlines()
        return self.value in map(str.strip, typed)

    @property
    def takes_along(self) -> str:
        """What the form sends beside the tick, for `with_taken`."""
        return f"{self.take}{_ALONG}{self.along}" if self.along else ""


@dataclass(frozen=True, slots=True)
class Found:
    """The cards of all pictures together.

    `missing`: "contact" where a contact's name stands in the place of the number, "number" where there is
    none. `sides_unknown`: one of the numbers may be the person's own.
    """

    cards: list[Shown] = field(default_factory=list)
    missing: str = ""
    left_out: int = 0
    sides_unknown: bool = False

    def not_in(self, form: Mapping[str, str]) -> Found:
        """Without the cards whose value stands in its field already."""
        return replace(self, cards=[card for card in self.cards if not card.stands_in(form)])


def found_in(kept: Iterable[staging.Kept], text: str = "") -> Found:
    """What was read so far on the pictures of a form and in a pasted text, each value once."""
    cards: dict[str, Shown] = {}
    readings: list[Reading] = []
    if text.strip():
        pasted = reading.offers_of_text(text, today=timezone.localdate())
        readings.append(pasted)
        cards = {card.take: card for card in cards_of(pasted)}
    for file in kept:
        uid = staging.uid_of(file)
        read = complaints.reading_of(uid) if file.family == "image" else None
        if read is None:
            continue
        readings.append(read)
        for card in cards_of(read, view=signing.dumps(uid.hex, salt=VIEW_SALT, compress=True)):
            cards.setdefault(card.take, card)
    return Found(
        list(cards.values()),
        _missing(readings) if cards else "",
        sum(read.left_out for read in readings),
        any(read.sides_unknown for read in readings),
    )


def _missing(readings: list[Reading]) -> str:
    """What keeps the number from the form, when none of the readings has one of the other side."""
    if not readings or not all(read.asks_number for read in readings):
        return ""
    return "contact" if any(read.contact_named for read in readings) else "number"


def is_waiting(kept: Iterable[staging.Kept]) -> bool:
    """Whether more may be read on one of the pictures."""
    pictures = [staging.uid_of(file) for file in kept if file.family == "image"]
    return any(complaints.state_of(uid) is complaints.ReadingState.WAITING for uid in pictures)


def read_again(kept: Iterable[staging.Kept]) -> bool:
    """Asks once more for the pictures whose reading came too late; whether one is being read now."""
    unread = [
        uid
        for uid in (staging.uid_of(file) for file in kept if file.family == "image")
        if complaints.state_of(uid) is complaints.ReadingState.NONE
    ]
    asked = [complaints.request_reading(uid, at=timezone.now()) for uid in unread]
    return any(asked)


def cards_of(read: Reading, *, view: str = "") -> list[Shown]:
    """The cards of one picture (`view` opens it) or of a pasted message."""
    return [_card(offer, read, view) for offer in read.offers]


def _card(offer: Offer, read: Reading, view: str) -> Shown:
    named_in_message = offer.role == "message"
    along = "" if named_in_message else _channel_of(offer, read)
    name: StrOrPromise = _NAMED_IN_MESSAGE if named_in_message else _NAMES[offer.kind]
    name = _DAYS_READ.get(offer.role, name)
    if read.sides_unknown and offer.role == "head":
        name = _ONE_OF_THE_SIDES
    elif along == Channel.CALL:
        name = _IN_CALL_LOG
    elif along:
        name = _NUMBER_ON % {"channel": Channel(along).label}
    return Shown(
        name,
        _in_words(offer),
        FIELDS[offer.kind],
        offer.value,
        offer.kind is OfferKind.NUMBER,
        _cut(offer, read, view) if view else None,
        along,
    )


def _channel_of(offer: Offer, read: Reading) -> str:
    """The one channel that the same picture shows, for a number of the other side."""
    channels = {one.value for one in read.offers if one.kind is OfferKind.CHANNEL}
    return channels.pop() if offer.kind is OfferKind.NUMBER and len(channels) == 1 else ""


def _in_words(offer: Offer) -> str:
    if offer.kind is OfferKind.CHANNEL:
        return str(Channel(offer.value).label)
    if offer.kind is OfferKind.DATE:
        return date_format(dt.date.fromisoformat(offer.value), "l, j F Y")
    if offer.kind is OfferKind.AMOUNT:
        return in_rupiah(int(offer.value))
    if offer.kind is OfferKind.TIME:
        return offer.value.replace(":", ".")
    return offer.value if len(offer.value) <= _LINES_SHOWN else f"{offer.value[:_LINES_SHOWN]} …"


def _cut(offer: Offer, read: Reading, view: str) -> Cut | None:
    region = offer.region
    if region is None or region.page >= len(read.pages):
        return None
    width, height = read.pages[region.page]
    return Cut(
        reverse("public:reading_page", args=[view, region.page]),
        width,
        height,
        region.left,
        region.top,
        min(region.width, width - region.left),
        min(region.height, height - region.top),
    )


def with_taken(data: QueryDict) -> QueryDict:
    """Ticked offers stand in their fields from then on, unless something was typed there.

    Of several numbers the first, or the typed one, is complained about; the others are its further numbers.
    Of two different days none is taken: only the person knows.
    """
    ticked = data.getlist("take")
    along = [one.partition("|") for one in data.getlist("along")]
    taken = [one.partition(":")[::2] for one in [*ticked, *(to for card, _, to in along if card in ticked)]]
    if not taken:
        return data
    days = {value for name, value in taken if name == "occurred_on"}
    data = data.copy()
    data["other_numbers"] = "\n".join(_further(data, [value for name, value in taken if name == "number"]))
    for name, value in taken:
        undecided = name == "occurred_on" and len(days) > 1
        if name in FIELDS.values() and not undecided and not data.get(name, "").strip():
            data[name] = value
    return data


def _further(data: QueryDict, ticked: list[str]) -> list[str]:
    """The further numbers with the ticked ones, each once and none that is the number complained about."""
    first = data.get("number", "").strip() or next(iter(ticked), "")
    lines = data.get("other_numbers", "").splitlines()
    known = {_last_digits(first), *map(_last_digits, lines)}
    return [*lines, *(one for one in ticked if _last_digits(one) not in known)]


def _last_digits(number: str) -> str:
    """The same for 0812… and +62 812…; of an account without digits its name."""
    return "".join(filter(str.isdecimal, number))[-8:] or number.strip()
