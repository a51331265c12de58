"""What becomes of a complaint by the kind of its number, in words for the person. Pure."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from aduan.complaints.report import Fate
from aduan.numbers.kinds import REMEDIES, Kind, Remedy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

_BY_REMEDY: Final = MappingProxyType(
    {
        Remedy.BLOCK_AT_OPERATOR: Fate.REVIEW,
        Remedy.FILTER_INBOUND: Fate.REFERRAL,
        Remedy.REFER_TO_PLATFORM: Fate.REFERRAL,
        Remedy.RECORD_ONLY: Fate.RECORD,
    }
)
_WORDS: Final[Mapping[Fate, StrOrPromise]] = MappingProxyType(
    {
        Fate.REVIEW: _(
            "Two people will look at the evidence, one after the other. If both confirm it, the operator "
            "must block the number."
        ),
        Fate.REFERRAL: _(
            "No Indonesian operator can switch this number off. Two people will look at it; if both confirm "
            "it, the platform or the operators are asked to filter it."
        ),
        Fate.SPOOFING: _(
            "This is an official number. It is not blocked: somebody probably showed it falsely. We record "
            "your complaint as suspected spoofing and tell those who can trace it."
        ),
        Fate.RECORD: _(
            "This kind of number cannot be blocked. Your complaint is kept and helps us to find the people "
            "behind it."
        ),
    }
)


def fate_of(kind: str, *, protected: bool) -> Fate:
    if protected:
        return Fate.SPOOFING
    return _BY_REMEDY[REMEDIES[Kind(kind)]]


def word_for(fate: Fate) -> StrOrPromise:
    return _WORDS[fate]
