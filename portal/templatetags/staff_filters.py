"""Filters for numbers, labels, durations and money."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import template
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aduan.blocklists.codes import OutcomeStatus
from aduan.cases.workflow import Status
from aduan.complaints.categories import label_of
from aduan.complaints.types import Channel
from aduan.numbers.kinds import NumberKind
from aduan.numbers.parsing import format_number
from portal.common.marked_words import mark_words

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

register = template.Library()
register.filter(mark_words)

_TONES: dict[str, str] = {
    Status.OPEN: "info",
    Status.NEEDS_INFO: "neutral",
    Status.PROPOSED: "attention",
    Status.DISPUTED: "attention",
    Status.CONFIRMED: "good",
    Status.REFERRED: "good",
    Status.SPOOFED: "good",
}
_SHORT: Mapping[str, StrOrPromise] = {
    Status.NEEDS_INFO: gettext_lazy("asked for more"),
    Status.PROPOSED: gettext_lazy("second person"),
    Status.DISPUTED: gettext_lazy("third person"),
}


@register.filter
def as_number(canonical: str) -> str:
    """`+6281234567890` → `+62 812-3456-7890`; a sender's name stays as it is; a pattern ends with `…`."""
    return format_number(canonical.rstrip("*")) + ("…" if canonical.endswith("*") else "")


@register.filter
def digits_as_number(digits: int) -> str:
    """`6281234567890`, as lists carry it, → `+62 812-3456-7890`."""
    return format_number(f"+{digits}")


@register.filter
def kind_word(kind: str) -> str:
    return str(NumberKind(kind).label)


@register.filter
def category_word(code: str) -> str:
    return label_of(code) if code else _("not yet known")


@register.filter
def outcome_word(code: str) -> str:
    """What an operator answered; the code of an answer that is no longer offered stays itself."""
    return str(OutcomeStatus(code).label) if code in OutcomeStatus.values else code


@register.filter
def channel_word(code: str) -> str:
    return str(Channel(code).label)


@register.filter
def short_status(status: Status) -> StrOrPromise:
    """In a row of the queue, where the kind of fraud has to stand beside it."""
    return _SHORT.get(status, status.label)


@register.filter
def status_tone(status: str) -> str:
    return _TONES.get(status, "neutral")


@register.filter
def rupiah(amount: int | Decimal | None) -> str:
    return "" if amount is None else f"Rp\u00a0{int(amount):,}".replace(",", ".")


@register.filter
def short_rupiah(amount: int) -> str:
    """`23,4 jt` as newspapers write it: three figures and their unit; nothing for nothing."""
    if not amount:
        return ""
    size, unit = next(
        (size, unit)
        for size, unit in ((10**9, _("bn")), (10**6, _("m")), (10**3, _("k")), (1, ""))
        if amount >= size
    )
    return f"{number_format(round(amount / size, 1), use_l10n=True)} {unit}".strip()


@register.filter
def strokes_high(percent_of_most: int) -> float:
    """The height of a stroke in a drawing of 16: one that is not there is still seen."""
    return max(round(16 * percent_of_most / 100, 1), 2)


@register.filter
def strokes_top(percent_of_most: int) -> float:
    return 16 - strokes_high(percent_of_most)


@register.filter
def initials(name: str) -> str:
    """`Sari Wulan Demo` → `SW`."""
    return "".join(part[0] for part in name.split()[:2]).upper()


@register.filter
def coarse_span(length: dt.timedelta | None) -> str:
    """`3 d`, `2 h`, `40 min`: the largest unit alone, rounded down; always positive."""
    if length is None:
        return ""
    minutes = int(abs(length.total_seconds()) // 60)
    if minutes >= 24 * 60:
        return _("%(days)s d") % {"days": minutes // (24 * 60)}
    if minutes >= 60:
        return _("%(hours)d h") % {"hours": minutes // 60}
    return _("%(minutes)d min") % {"minutes": minutes}


@register.filter
def lookup(found: Mapping[Any, Any], key: Any) -> Any:
    """What stands under a key. Raises KeyError for one without: a bare code is unreadable."""
    return found[key]


@register.filter
def percent(share: float | None) -> str:
    return "–" if share is None else f"{share * 100:.0f}\u00a0%"


@register.filter
def below(share: float | None, target: int) -> bool:
    """Whether a share misses its target, in percent."""
    return share is not None and share * 100 < target


@register.filter
def span(length: dt.timedelta | None) -> str:
    """`3 h 20 min`, `2 d 4 h`, `7 d`; always positive: the words around it say which way."""
    if length is None:
        return ""
    minutes = int(abs(length.total_seconds()) // 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days and hours:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    if days or (hours and not minutes):
        return coarse_span(length)
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    return _("%(minutes)d min") % {"minutes": minutes}
