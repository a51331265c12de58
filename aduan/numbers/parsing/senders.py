"""Sender names of SMS ("BANK-BCA") and account names without a link."""

from __future__ import annotations

import re
from typing import Final

from aduan.numbers.kinds import NumberKind
from aduan.numbers.numbering_plan import ParseResult
from aduan.numbers.parsing import vocabulary
from aduan.numbers.parsing.links import handle

LONGEST_SENDER: Final = 11  # GSM 03.40 alphanumeric originator
_SENDER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._&!+-]{1,9}[A-Za-z0-9.!]?|[A-Za-z]{2}")
_HANDLE: Final = re.compile(r"@?[A-Za-z][A-Za-z0-9_.]{2,31}")


def read_name(bare: str, hint: NumberKind | None) -> ParseResult | None:
    """A sender name, or None. With digits in it only when the letters clearly carry it ("BCA123", "3XL")."""
    if hint is NumberKind.OTT_HANDLE and _HANDLE.fullmatch(bare):
        return handle("telegram", bare.lstrip("@"))
    if len(bare) > LONGEST_SENDER or not _SENDER.fullmatch(bare):
        return None
    if hint is not NumberKind.SENDER_ID and not _looks_like_sender(bare):
        return None
    return ParseResult(NumberKind.SENDER_ID, "sender:" + " ".join(bare.upper().split()))


def _looks_like_sender(bare: str) -> bool:
    letters, digits = sum(map(str.isalpha, bare)), sum(map(str.isdigit, bare))
    if letters < 2 or (" " in bare and (digits or bare != bare.upper())):
        return False
    if digits == 0:
        return vocabulary.spoken_digits(bare) is None
    if digits > 4 or digits > letters or re.match(r"[+0]|8[1-9]|62", bare) or re.search(r"[xX]{2}", bare):
        return False
    label = vocabulary.STARTS_WITH_LABEL.match(bare.rstrip("0123456789 .:-"))
    return label is None or label.end() < len(bare.rstrip("0123456789 .:-"))
