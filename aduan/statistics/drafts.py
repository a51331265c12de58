"""Drafts of public warnings from decided campaigns, and what no warning may hold. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from aduan.complaints.categories import Category

# A number in any spelling, an account, an address, a handle: also one that no one decided on.
_NUMBER: Final = re.compile(r"(?:\d[\s().\-]*){4}")
_LINK: Final = re.compile(r"https?:|www\.|@|\b[\w-]+\.(?=[a-z]{2,})[\w.-]*\w", re.IGNORECASE)
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
    return bool(_NUMBER.search(text) or _LINK.search(text))
