"""One raw text → what the register says about it, for people who check many numbers at once."""

from __future__ import annotations

import datetime as dt
from typing import Final, TypedDict

from django.utils.translation import gettext as _

from aduan.numbers.kinds import NumberKind
from aduan.numbers.parsing import Parsed, Refused, parse
from aduan.numbers.protection import ProtectedSet, Protection
from aduan.operators.ranges import RangeTable

ROUTED: Final = frozenset((NumberKind.MOBILE, NumberKind.LANDLINE))


class NumberLookup(TypedDict):
    """`e164` is set with `confirm` when letters were read as digits: a person must look at it first."""

    raw: str
    e164: str | None
    kind: str | None
    canonical: str | None
    operator: str | None
    protected: bool
    confirm: bool
    suggestions: list[str]
    error: str | None
    message: str | None


def lookup_number(raw: str, *, ranges: RangeTable, protected: ProtectedSet, on: dt.date) -> NumberLookup:
    """Never raises. The message is in the language that is active."""
    try:
        parsed = parse(raw)
    except Refused as refused:
        return _refused(raw, refused, ranges, protected, on)
    protection = protected.protection_of(parsed.canonical)
    return _answer(raw, parsed, protection, ranges, on, _note(parsed, protection))


def _refused(
    raw: str, refused: Refused, ranges: RangeTable, protected: ProtectedSet, on: dt.date
) -> NumberLookup:
    suggestions = list(refused.suggestions)
    if refused.reading is not None:
        protection = protected.protection_of(refused.reading.canonical)
        answer = _answer(raw, refused.reading, protection, ranges, on, str(refused.message))
        return {**answer, "confirm": True, "suggestions": suggestions}
    return {
        "raw": raw,
        "e164": None,
        "kind": None,
        "canonical": None,
        "operator": None,
        "protected": False,
        "confirm": False,
        "suggestions": suggestions,
        "error": refused.code,
        "message": str(refused.message),
    }


def _answer(
    raw: str,
    parsed: Parsed,
    protection: Protection | None,
    ranges: RangeTable,
    on: dt.date,
    message: str | None,
) -> NumberLookup:
    holding = None
    if parsed.kind in ROUTED and parsed.digits is not None:
        holding = ranges.holder_of(parsed.digits, on=on)
    return {
        "raw": raw,
        "e164": parsed.e164,
        "kind": parsed.kind.value,
        "canonical": parsed.canonical,
        "operator": holding.operator_code if holding is not None and holding.routable else None,
        "protected": protection is not None,
        "confirm": False,
        "suggestions": [],
        "error": None,
        "message": message,
    }


def _note(parsed: Parsed, protection: Protection | None) -> str | None:
    if protection is not None and protection.forged:
        return _(
            "Forged form of a protected number (%(owner)s): recorded as suspected spoofing, never blocked."
        ) % {"owner": protection.owner}
    if protection is not None:
        return _(
            "Protected number (%(owner)s): never blocked; a complaint is recorded as suspected spoofing."
        ) % {"owner": protection.owner}
    notes = {
        NumberKind.FOREIGN: _("Foreign number: domestic operators can only filter it."),
        NumberKind.SHORT_CODE: _("Short code: recorded, not blocked as a number."),
        NumberKind.SERVICE: _("Service number: recorded, never blocked automatically."),
        NumberKind.SENDER_ID: _("Sender name of an SMS: no number, and easily forged."),
        NumberKind.OTT_HANDLE: _("Account on a messaging platform: referred to the platform."),
        NumberKind.WITHHELD: _("The caller hid the number: recorded only."),
    }
    return notes.get(parsed.kind)
