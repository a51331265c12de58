"""The reasons to choose from, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from aduan.cases.models import CannedReason


@dataclass(frozen=True, slots=True)
class ReasonChoice:
    code: str
    text: str
    category: str


def reasons_for(action: str, *, category: str = "") -> tuple[ReasonChoice, ...]:
    """Offered reasons of a step: those of this category first, then those that always fit."""
    offered = CannedReason.objects.filter(action=action, active=True)
    if category:
        offered = offered.filter(category__in=["", category])
    rows = sorted(offered, key=lambda reason: (reason.category == "", reason.code))
    return tuple(ReasonChoice(row.code, _text(row), row.category) for row in rows)


def reason_texts(codes: Iterable[str]) -> dict[str, str]:
    """Code → text in the reader's language, for timelines and letters; unknown codes are left out."""
    return {row.code: _text(row) for row in CannedReason.objects.filter(code__in=set(codes))}


def _text(reason: CannedReason) -> str:
    return reason.text_en if (get_language() or "").startswith("en") else reason.text_id
