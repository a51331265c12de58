"""Digits that are no telephone number: money, dates, accounts, cards, codes; by shape and by words around."""

from __future__ import annotations

import re
from typing import Final

from aduan.numbers import words
from aduan.numbers.plan import Found, Unfit, dial

_CODE: Final = re.compile(
    r"\s*(?:tel:|dial|kode|ketik|tekan|hubungi|telp)?[\s:]*([*#]{1,2}[0-9][0-9*#]*)(?:#|%23)\s*\W{0,2}", re.I
)
_HALF_CODE: Final = re.compile(r"\s*[*#]{1,2}[0-9]{1,4}(?:\*[0-9]{1,6}){0,4}\s*")
_FORWARD: Final = re.compile(r"[*#]{1,2}(?:21|61|62|67|002|004)\*")
_CALLER_HIDDEN: Final = re.compile(r"[*#]31#")
_EMBEDDED_CODE: Final = re.compile(r"(?:^|\s)\*{1,2}[0-9]{2,3}(?:\*[0-9]{1,15})*#")


# Sixteen digits of an identity card: province, regency, district, day (+40 for women), month, year, serial.
_IDENTITY: Final = re.compile(
    r"(?:1[1-9]|2[1]|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-7])[0-9]{4}"
    r"(?:[04][1-9]|[1256][0-9]|[37][01])(?:0[1-9]|1[0-2])[0-9]{6}"
)
_PLATE: Final = re.compile(r"[A-Z]{1,2} [0-9]{1,4} [A-Z]{1,3}")


def dialling_code(text: str) -> Unfit | None:
    """USSD (*123#) and call forwarding (**21*…#), which is a scam of its own."""
    if "*" not in text and "#" not in text and "%23" not in text:
        return None
    stripped = text.strip()
    if _FORWARD.match(stripped) or re.search(r"(?:^|\s)\*{1,2}(?:21|61|62|67)\*[0-9]{5,}", stripped):
        inside = re.search(r"[*](\+?[0-9]{9,16})", stripped)
        found = dial(inside[1].lstrip("+"), plus=inside[1][0] == "+") if inside else None
        return Unfit("call_forwarding", (found.canonical,) if isinstance(found, Found) else ())
    if _CALLER_HIDDEN.match(stripped):
        found = dial("".join(re.findall(r"[0-9]", stripped[4:])))
        return Unfit("ussd", (found.canonical,) if isinstance(found, Found) else ())
    if _CODE.fullmatch(text) or _HALF_CODE.fullmatch(text) or _EMBEDDED_CODE.search(text):
        return Unfit("ussd")
    return None


def whole_text(bare: str) -> Unfit | Found | None:
    """What the whole text is, when it is plainly something else."""
    if words.SCIENTIFIC.fullmatch(bare):
        return Unfit("scientific", position=bare.lower().index("e"))
    if words.DATE.fullmatch(bare):
        return Unfit("date")
    if _PLATE.fullmatch(bare):
        return Unfit("extra_text")
    return Unfit("amount") if words.AMOUNT.fullmatch(bare) else None


def around(head: str, core: str, tail: str) -> Unfit | None:
    """What the words before and after the digits say."""
    if words.AMOUNT_BEFORE.search(head) or (
        words.AMOUNT_AFTER.match(tail) and not core.startswith(("08", "62"))
    ):
        return Unfit("amount")
    if not head.strip() and not tail.strip():
        return None
    if words.IDENTITY_BEFORE.search(head):
        return Unfit("identity_number")
    count = sum(map(str.isdigit, core))
    if words.ACCOUNT_BEFORE.search(head) or (words.BANK_BEFORE.search(head) and count in (10, 15)):
        return Unfit("bank_account")
    if words.ACCOUNT_AFTER.match(tail) and count in (10, 15, 16):
        return Unfit("bank_account")
    if count <= 8 and words.CODE_BEFORE.search(head):
        return Unfit("one_time_code")
    if count <= 8 and words.DATE_AFTER.match(tail):
        return Unfit("date")
    return Unfit("extra_text") if words.SHIPMENT_BEFORE.search(head) else None


def long_digits(core: str, digits: str) -> Unfit | None:
    """Digits that are no number: a card, an identity number, an account."""
    if len(digits) == 16:
        if _IDENTITY.fullmatch(digits) and not re.fullmatch(r"(?:[0-9]{4}[ -]){3}[0-9]{4}", core):
            return Unfit("identity_number")
        if _luhn(digits) and digits[0] in "3456":
            return Unfit("card_number")
    if len(digits) in (15, 16) and (re.search(r"[0-9]{4}-[0-9]{2}-[0-9]{6}-[0-9]{2,3}", core) or "-" in core):
        return Unfit("bank_account", typed=len(digits))
    return None


def _luhn(digits: str) -> bool:
    total = 0
    for index, char in enumerate(reversed(digits)):
        value = int(char) * (2 if index % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
