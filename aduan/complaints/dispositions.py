"""What becomes of a complaint by the kind of its number, in words for the person. Pure."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from aduan.complaints.types import Disposition
from aduan.numbers.kinds import REMEDIES, NumberKind, Remedy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django_stubs_ext import StrOrPromise

_BY_REMEDY: Final = MappingProxyType(
    {
        Remedy.BLOCK_AT_OPERATOR: Disposition.REVIEW,
        Remedy.FILTER_INBOUND: Disposition.REFERRAL,
        Remedy.REFER_TO_PLATFORM: Disposition.REFERRAL,
        Remedy.RECORD_ONLY: Disposition.RECORD,
    }
)
_WORDS: Final[Mapping[Disposition, StrOrPromise]] = MappingProxyType(
    {
        Disposition.REVIEW: _(
            "Two people will look at the evidence, one after the other. If both confirm it, the operator "
            "must block the number."
        ),
        Disposition.REFERRAL: _(
            "No Indonesian operator can switch this off. Two people will look at it; if both confirm it and "
            "it was used in a messaging app, the company behind the app is asked to act. It is not obliged "
            "to."
        ),
        Disposition.SPOOFING: _(
            "This is an official number. It is not blocked: someone probably showed it falsely. Two "
            "people look at it; if both confirm it, the operators are asked where it really came from."
        ),
        Disposition.RECORD: _(
            "This kind of number cannot be blocked. Your complaint is kept and looked at; it helps us to "
            "recognise the same fraud elsewhere."
        ),
    }
)


def disposition_of(kind: str, *, protected: bool) -> Disposition:
    if protected:
        return Disposition.SPOOFING
    return _BY_REMEDY[REMEDIES[NumberKind(kind)]]


def message_for(disposition: Disposition) -> StrOrPromise:
    return _WORDS[disposition]
