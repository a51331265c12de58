"""Drafts of public warnings from decided campaigns, and what no warning may hold. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from aduan.numbers.parsing import plain_digits

if TYPE_CHECKING:
    from aduan.complaints.categories import Category

# In plain digits: four with nothing but signs between, or an "x". Also a number that no one decided on.
_NUMBER: Final = re.compile(r"(?:\d(?:[\W_]|x(?=\d)){0,3}){4}")
_TLD: Final = r"(?:com|net|org|info|biz|xyz|top|site|online|shop|store|club|vip|link|app|id|co|me|ly|io|cc)\b"
_LINK: Final = re.compile(
    r"https?:|hxxp|\bwww\b|@|[\[({]at[\])}]|\b[\w-]+\.(?=[a-z]{2,})[\w.-]*\w"
    rf"|\s\.\s?{_TLD}|[\[({{](?:\.|dot|titik)[\])}}]|\s(?:dot|titik)\s{_TLD}"
    r"|\b(?:bit|cutt|ow|t)\s+ly\b|\b(?:wa|t)\s+me\b",
)
_ADVICE_ID: Final = (
    "Jangan kirim uang, kode, atau foto KTP. Putuskan sambungan, lalu hubungi lembaganya lewat kontak resmi"
    " yang Anda cari sendiri. Terlanjur mengirim uang? Hubungi bank Anda sekarang juga, lalu lapor di sini."
)
_ADVICE_EN: Final = (
    "Send no money, no code and no picture of an identity card. Hang up, then call the institution by a"
    " contact that you looked up yourself. Money sent already? Call your bank now, then report it here."
)


@dataclass(frozen=True, slots=True)
class GrowingFraud:
    """A kind of fraud in decided campaigns: cases of the last 30 days, and of the 30 days before."""

    category: str
    case_count: int
    before: int
    text_id: str
    text_en: str


def draft_of(category: Category, case_count: int, before: int) -> GrowingFraud:
    """Plain words for a person to edit: the story, and what to do."""
    return GrowingFraud(
        category.code,
        case_count,
        before,
        f"{category.words_id}. {_ADVICE_ID}",
        f"{category.words_en}. {_ADVICE_EN}",
    )


def names_an_address(text: str) -> bool:
    """Whether a text holds what could be a number, a link or an account."""
    plain = plain_digits(text)
    return bool(_NUMBER.search(plain) or _LINK.search(plain))
