"""The reasons to choose from, in the reader's language."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

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


def texts_when_used(uses: Iterable[tuple[str, dt.datetime]]) -> dict[tuple[str, dt.datetime], str]:
    """The text that a reason had when it was used: editing it changes no decision. One statement at most.

    Of a use that is older than the versions that were kept, the oldest version. Unknown codes are left out.
    """
    uses = set(uses)
    if not uses:
        return {}
    versions: defaultdict[str, list[Any]] = defaultdict(list)
    kept_rows = CannedReason.events.rel.related_model  # type: ignore[attr-defined]  # by pghistory
    kept = kept_rows.objects.filter(code__in={code for code, _at in uses})
    for version in kept.order_by("pgh_id"):
        versions[version.code].append(version)
    return {
        (code, at): _text(next((one for one in reversed(known) if one.pgh_created_at <= at), known[0]))
        for code, at in uses
        if (known := versions[code])
    }


def _text(reason: Any) -> str:
    return str(reason.text_en if (get_language() or "").startswith("en") else reason.text_id)
