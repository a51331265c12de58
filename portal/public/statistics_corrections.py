"""Corrections in words: which figure of which month was changed, by how much, and when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aduan.statistics.queries import table_of
from portal.common.amounts import grouped
from portal.public.statistics_words import OUTCOMES, month_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

    from aduan.statistics.models import Snapshot

CORRECTIONS_SHOWN: Final = 20
_WHAT: Final[Mapping[tuple[str, str], StrOrPromise]] = {
    ("complaints", "received"): gettext_lazy("Complaints received"),
    **{("decisions", act): label for act, label in OUTCOMES},
    ("holds", "placed"): gettext_lazy("Held for a time, while examined"),
    ("objections", "proven"): gettext_lazy("Objections of proven owners"),
    ("wrong_blocks", "block"): gettext_lazy("Blocks lifted because they were wrong"),
    ("wrong_blocks", "hold"): gettext_lazy("Holds ended because they were wrong"),
}


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """One correction. `change` has a sign."""

    what: str
    month: str
    change: str
    published: str


def newest_corrections(snapshot: Snapshot, names: Mapping[str, str]) -> list[CorrectionLine]:
    """The newest first. `names`: code → name of operators and platforms."""
    rows = sorted(table_of(snapshot, "corrections"), key=lambda row: row["published_on"], reverse=True)
    return [_line(row, names) for row in rows[:CORRECTIONS_SHOWN]]


def _line(row: Mapping[str, str], names: Mapping[str, str]) -> CorrectionLine:
    dataset, stratum, change = row["dataset"], row["stratum"], int(row["change"])
    sent = _("Numbers sent to %(name)s") % {"name": names.get(stratum, stratum)}
    return CorrectionLine(
        str(_WHAT.get((dataset, stratum), sent)),
        month_name(row["month"]),
        f"{'+' if change > 0 else '−'}{grouped(abs(change))}",
        date_format(dt.date.fromisoformat(row["published_on"]), "j F Y"),
    )
