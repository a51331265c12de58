"""How differences between an operator's word and its list are called; for both who look at them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from aduan.blocklists.codes import OutcomeStatus

if TYPE_CHECKING:
    import datetime as dt

    from django_stubs_ext import StrOrPromise

    from aduan.blocklists.queries import Reconciliation

NAMES: dict[str, StrOrPromise] = {
    "missing": _("listed, and no answer within 24 hours"),
    "still_blocked": _("no longer listed, and not reported as lifted"),
    "declined": _("listed, and answered with something else than a block"),
    "late": _("blocked, but after the 24 hours"),
}


# Where acting is voluntary, nothing is missing or late.
VOLUNTARY: dict[str, StrOrPromise] = {
    "still_blocked": NAMES["still_blocked"],
    "declined": _("listed, and answered that nothing was done"),
}


# Why a whole report was turned away.
REJECTED: dict[str, StrOrPromise] = {
    "rows_refused": _("some of its rows could not be accepted"),
    "no_rows": _("it had no rows"),
    "digest_mismatch": _("its digest is not that of the list"),
}


@dataclass(frozen=True, slots=True)
class RejectedReport:
    """One report that was turned away; `numbers` are those that are not on the list."""

    at: dt.datetime
    reason: StrOrPromise
    numbers: list[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """One kind of difference, and how many numbers have it."""

    code: str
    name: StrOrPromise
    count: int


def answer_label(answer: str) -> StrOrPromise:
    """What was answered, in words; a dash for nothing."""
    return OutcomeStatus(answer).label if answer else "–"


def named_differences(found: Reconciliation) -> list[Difference]:
    names = VOLUNTARY if found.block_list.is_voluntary else NAMES
    return [Difference(code, name, found.counts[code]) for code, name in names.items()]


def rejected_reports(found: Reconciliation) -> list[RejectedReport]:
    return [RejectedReport(report.at, REJECTED[report.code], report.extra) for report in found.refused]
