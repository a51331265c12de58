"""Digits that are no telephone number: money, dates, accounts, cards, codes; by shape and by words around."""

from __future__ import annotations

import re
from typing import Final

from aduan.numbers.kinds import NumberKind
from aduan.numbers.numbering_plan import ParseFailure, ParseResult, dial
from aduan.numbers.parsing import vocabulary

_CODE: Final = re.compile(
    r"(?:(?:tel|dial|kode|ketik|tekan|hubungi|telp)[\s:]{0,20})?([*#]{1,2}[0-9][0-9*#]*)(?:#|%23)\s*\W{0,2}",
    re.I,
)
_HALF_CODE: Final = re.compile(r"\s*[*#]{1,2}[0-9]{1,4}(?:\*[0-9]{1,6}){0,4}\s*")
_FORWARD: Final = re.compile(r"[*#]{1,2}(?:21|61|62|67|002|004)\*")
_CALLER_HIDDEN: Final = re.compile(r"[*#]31#")
_EMBEDDED_CODE: Final = re.compile(r"(?:^|\s)\*{1,2}[0-9]{2,3}(?:\*[0-9]{1,15})*#")


# Sixteen digits of an identity card: province, regency, district, day (+40 for women), month, year, serial.
# Regencies are numbered up to 3x and cities from 71: "6262…" and "628…" are country codes.
_IDENTITY: Final = re.compile(
    r"(?:1[1-9]|2[1]|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])(?:[0-3][0-9]|7[1-9])[0-9]{2}"
    r"(?:[04][1-9]|[1256][0-9]|[37][01])(?:0[1-9]|1[0-2])[0-9]{6}"
)
# By how it begins: a date has one word in front, or "jam" or "pukul" behind that.
_NEVER_A_DATE: Final = re.compile(r"\+|(?!19|20)[0-9]{3}|[^\W\d_]+,? [^\W\dJjPpTt_]")
# "08 12 2025 07 00": in groups as no one writes a number.
_DATE_IN_GROUPS: Final = re.compile(
    r"0[1-9]([ .])(?:0[1-9]|1[0-2])\1 ?20[0-9]{2}[ .-](?:[01][0-9]|2[0-3])[ .-]?[0-5][0-9]"
)
# "8.8.8.8", "103.28.12.62": no group begins with a zero, and none is above 255.
_BYTE: Final = r"(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_ADDRESS: Final = re.compile(rf"{_BYTE}(?:\.{_BYTE}){{3}}(?::[0-9]{{1,5}})?")
_VERSION: Final = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{1,5}){2,5}")
_LONGEST_WHOLE: Final = 60  # no date with a time is longer
_WORD_OR_CURRENCY: Final = re.compile(r"[^\W\d_]|[$%,]")
_DIGITS: Final = re.compile(r"[0-9]+")
_PLATE: Final = re.compile(r"[A-Z]{1,2} [0-9]{1,4} [A-Z]{1,3}")
_AREA_OF_PLATE, _SERIES_OF_PLATE = re.compile(r"(?<![^\s:])[A-Z]{1,2} $"), re.compile(r" [A-Z]{1,3}(?!\w)")
_LONGEST_ON_PLATE: Final = 4


def dialling_code(text: str) -> ParseFailure | None:
    """USSD (*123#) and call forwarding (**21*…#), which is a scam of its own."""
    if "*" not in text and "#" not in text and "%23" not in text:
        return None
    stripped = text.strip()
    if _FORWARD.match(stripped) or re.search(r"(?:^|\s)\*{1,2}(?:21|61|62|67)\*[0-9]{5,}", stripped):
        inside = re.search(r"[*](\+?[0-9]{9,16})", stripped)
        found = dial(inside[1].lstrip("+"), plus=inside[1][0] == "+") if inside else None
        return ParseFailure("call_forwarding", (found.canonical,) if isinstance(found, ParseResult) else ())
    if _CALLER_HIDDEN.match(stripped):
        found = dial("".join(re.findall(r"[0-9]", stripped[4:])))
        return ParseFailure("ussd", (found.canonical,) if isinstance(found, ParseResult) else ())
    if _CODE.fullmatch(stripped) or _HALF_CODE.fullmatch(stripped) or _EMBEDDED_CODE.search(text):
        return ParseFailure("ussd")
    return None


def whole_text(bare: str) -> ParseFailure | ParseResult | None:
    """What the whole text is, when it is plainly something else."""
    if len(bare) > _LONGEST_WHOLE:
        return None
    if ("e" in bare or "E" in bare) and vocabulary.SCIENTIFIC.fullmatch(bare):
        return ParseFailure("scientific", position=bare.lower().index("e"))
    if not _NEVER_A_DATE.match(bare) and vocabulary.DATE.fullmatch(bare):
        return ParseFailure("date")
    if bare[0] == "0" and _DATE_IN_GROUPS.fullmatch(bare):
        found = dial("".join(_DIGITS.findall(bare)))
        return ParseFailure("date", (found.canonical,) if isinstance(found, ParseResult) else ())
    if bare[0].isalpha():
        other = _PLATE.fullmatch(bare) or _is_version(*bare.rpartition(" ")[::2])
        return ParseFailure("extra_text") if other else None
    if bare[0] == "0":
        return None
    if _ADDRESS.fullmatch(bare):
        return ParseFailure("extra_text")
    return _amount(bare) if vocabulary.AMOUNT.fullmatch(bare) else None


def _amount(bare: str) -> ParseFailure:
    """ "1.500.888" is an amount, or the number of a bank."""
    digits = "".join(_DIGITS.findall(bare))
    found = dial(digits)
    if isinstance(found, ParseResult) and found.kind is NumberKind.SERVICE and digits != "1500000":
        return ParseFailure("amount", (found.canonical,))
    return ParseFailure("amount")


def around(head: str, core: str, tail: str, count: int) -> ParseFailure | None:
    """What the words before and after the `count` digits say."""
    if count <= _LONGEST_ON_PLATE and _AREA_OF_PLATE.search(head) and _SERIES_OF_PLATE.match(tail):
        return ParseFailure("extra_text")
    if _WORD_OR_CURRENCY.search(head):
        if _is_version(head, core):
            return ParseFailure("extra_text")
        problem = _by_words_before(head, count)
        if problem is not None:
            return problem
    return _by_words_behind(core, count, tail) if _WORD_OR_CURRENCY.search(tail) else None


def _is_version(head: str, core: str) -> bool:
    """ "ver 8.1.2345.6789": the digits are enough for a mobile number."""
    dotted = "." in core and _VERSION.fullmatch(core) is not None
    return dotted and vocabulary.VERSION_BEFORE.search(head) is not None


def _by_words_before(head: str, count: int) -> ParseFailure | None:
    called = vocabulary.kinds_named(head)
    if "$" not in head and not called:
        return None
    if called and called <= vocabulary.OF_SHIPMENTS and "$" not in head:
        return ParseFailure("extra_text") if vocabulary.SHIPMENT_BEFORE.search(head) else None
    if vocabulary.AMOUNT_BEFORE.search(head):
        return ParseFailure("amount")
    if vocabulary.IDENTITY_BEFORE.search(head):
        return ParseFailure("identity_number")
    if vocabulary.ACCOUNT_BEFORE.search(head) or (count in (10, 15) and vocabulary.BANK_BEFORE.search(head)):
        return ParseFailure("bank_account")
    if count <= 8 and vocabulary.CODE_BEFORE.search(head):
        return ParseFailure("one_time_code")
    return ParseFailure("extra_text") if vocabulary.SHIPMENT_BEFORE.search(head) else None


def _by_words_behind(core: str, count: int, tail: str) -> ParseFailure | None:
    if not core.startswith(("08", "62")) and vocabulary.AMOUNT_AFTER.match(tail):
        return ParseFailure("amount")
    if count in (10, 15, 16) and vocabulary.ACCOUNT_AFTER.match(tail):
        return ParseFailure("bank_account")
    return ParseFailure("date") if count <= 8 and vocabulary.DATE_AFTER.match(tail) else None


def long_digits(core: str, digits: str) -> ParseFailure | None:
    """Digits that are no number: a card, an identity number, an account."""
    if len(digits) == 16:
        if _IDENTITY.fullmatch(digits) and not re.fullmatch(r"(?:[0-9]{4}[ -]){3}[0-9]{4}", core):
            return ParseFailure("identity_number")
        if _luhn(digits) and digits[0] in "3456":
            return ParseFailure("card_number")
    if len(digits) in (15, 16) and (re.search(r"[0-9]{4}-[0-9]{2}-[0-9]{6}-[0-9]{2,3}", core) or "-" in core):
        return ParseFailure("bank_account", typed=len(digits))
    return None


def _luhn(digits: str) -> bool:
    total = 0
    for index, char in enumerate(reversed(digits)):
        value = int(char) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
