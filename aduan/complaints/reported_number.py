"""What the text in the number field means, given how the person was reached. Pure."""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import Final

from aduan.complaints.types import CHANNEL_CODES, Channel
from aduan.numbers.kinds import NumberKind
from aduan.numbers.parsing import Parsed, Refused, account_name_of, account_on, parse

_DIGIT: Final = re.compile(r"[0-9]")
_PLATFORM_OF: Final = MappingProxyType({Channel.TELEGRAM: "telegram", Channel.WHATSAPP: "whatsapp"})
# Where an account may be when its name alone was given, the most likely first.
_PLATFORMS_ASKED: Final = ("telegram", "whatsapp", "instagram", "facebook", "tiktok", "x")


def parse_reported_number(text: str, channel: str = "") -> Parsed:
    """The number, account or sender. Raises Refused, also for what this channel cannot show.

    "@name" belongs to the platform of the channel; on any other channel the person is asked.
    """
    parsed = parse(text, hint=_hint(text, channel))
    if parsed.kind is NumberKind.SENDER_ID and channel == Channel.CALL:
        raise Refused("sender_on_call")
    name = account_name_of(text) if parsed.kind is NumberKind.OTT_HANDLE else None
    if name is None:
        return parsed
    platform = _PLATFORM_OF.get(Channel(channel)) if channel in CHANNEL_CODES else None
    if platform is not None:
        return account_on(platform, name, text)
    raise Refused(
        "platform_unclear",
        suggestions=tuple(account_on(platform, name, text).canonical for platform in _PLATFORMS_ASKED),
    )


def _hint(text: str, channel: str) -> NumberKind | None:
    if channel == Channel.TELEGRAM:
        return NumberKind.OTT_HANDLE
    if channel == Channel.SMS and not _DIGIT.search(text):
        return NumberKind.SENDER_ID
    return None


def is_own_number(number: Parsed, contact_phone: str) -> bool:
    """Whether the reported number is the one at which the complainant wants to be reached."""
    if number.e164 is None or not contact_phone.strip():
        return False
    try:
        return parse(contact_phone).canonical == number.canonical
    except Refused:
        return False  # the contact is checked, and refused, on its own
