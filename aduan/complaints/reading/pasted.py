"""What a pasted message or chat offers for each field of the form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from aduan.complaints.reading import chats, dates, day_order, offers
from aduan.complaints.reading.types import (
    LONGEST_READING,
    MOST_NUMBERS,
    MOST_OF_A_KIND,
    Offer,
    OfferKind,
    Reading,
)
from aduan.complaints.types import Channel
from aduan.numbers.parsing import Parsed, TextContents, named_account, read_text

_BEGINNING: Final = 200  # characters in which a message may name its day


def offers_of_text(text: str, *, today: dt.date) -> Reading:
    """The offers of a pasted message or chat: of what the other side wrote, where it is known who that is."""
    chat = chats.chat_in(text, today=today)
    theirs = chat.of_side(text, ours=False) if chat and chat.ours else text
    contents = read_text(theirs, telegram=chat is not None and chat.first.channel is Channel.TELEGRAM)
    numbers = _numbers_of_text(text, contents, chat)
    found = [
        *numbers[:MOST_NUMBERS],
        *([Offer(OfferKind.CHANNEL, chat.first.channel)] if chat else []),
        *_moment(text, chat, today),
        *(Offer(OfferKind.LINK, link) for link in contents.links[:MOST_OF_A_KIND]),
        *(
            Offer(OfferKind.ACCOUNT, named_account(theirs, account))
            for account in contents.payment_accounts[:MOST_OF_A_KIND]
        ),
        *(Offer(OfferKind.AMOUNT, str(sum_)) for sum_ in dates.amounts_in(theirs)[:MOST_OF_A_KIND]),
        *([Offer(OfferKind.TEXT, text.strip()[: offers.LONGEST_NARRATIVE])] if text.strip() else []),
    ]
    return Reading(
        tuple(found),
        text[:LONGEST_READING],
        not numbers,
        max(len(numbers) - MOST_NUMBERS, 0),
        sides_unknown=chat is not None and chat.sides_unknown and bool(numbers),
    )


def _moment(text: str, chat: chats.Chat | None, today: dt.date) -> Iterator[Offer]:
    """The day and time of the chat's message; of a message, those at its beginning."""
    if chat:
        yield from offers.days_offered(chat.first.days, "")
        yield Offer(OfferKind.TIME, chat.first.time)
        return
    beginning = text[:_BEGINNING]
    american = day_order.has_twelve_hours(beginning)
    days = day_order.days_of([beginning], today=today, american=american)[0]
    yield from offers.days_offered(days, beginning)
    if days and (time := chats.time_beside_day(beginning)):
        yield Offer(OfferKind.TIME, time)


def _numbers_of_text(text: str, contents: TextContents, chat: chats.Chat | None) -> list[Offer]:
    """Senders first; not the number that the person named before the other side did: their own."""
    named: dict[Parsed, int] = {}
    for span in contents.numbers:
        if (chat and chat.sides_unknown) or not offers.is_addressed(text, span):
            named.setdefault(span.parsed, span.start)
    ours: dict[str, int] = {}
    if chat and chat.ours:
        for span in read_text(chat.of_side(text, ours=True)).numbers:
            ours.setdefault(span.parsed.canonical, span.start)
    senders = [offers.number_alone(one.sender, sender=False) for one in chat.strangers] if chat else []
    heads = [one for one in named if one in senders]
    others = [one for one, at in named.items() if one not in heads and at < ours.get(one.canonical, at + 1)]
    return [
        *(Offer(OfferKind.NUMBER, one.display, role="head") for one in heads),
        *(Offer(OfferKind.NUMBER, one.display, role="message") for one in others),
    ]
