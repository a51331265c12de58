"""Why a number is not held, in words, by the code that the database answers with. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

# By the code that the database answers with (`cases/sql/hold_two_people`).
REFUSALS: Final[Mapping[str, StrOrPromise]] = {
    "hold_without_legal_reference": _("No rule of law in force today allows to hold a number."),
    "hold_of_protected_number": _("This number is protected. It is never held."),
    "hold_of_lookalike": _("This number resembles an official one. It is never held."),
    "hold_of_other_kind": _("Only a mobile number can be held."),
    "hold_of_number_long_in_use": _("One holder has used this number for years. It is never held."),
    "hold_of_decided_case": _("The case is decided, or its owner objects: the number is not held."),
    "hold_of_blocked_number": _("This number is blocked already."),
    "hold_of_unrouted_number": _("No operator is known that could hold this number."),
    "hold_once_in_days": _("This number was held a short time ago. It cannot be held again yet."),
    "hold_above_quota": _("The quota of this hour is used up. Above it two leads have to sign."),
}


def refusal_text(code: str) -> StrOrPromise:
    """The sentence for a code of `cases_hold_allowed`; a general one for a code that has none."""
    return REFUSALS.get(code, _("This number cannot be held."))
