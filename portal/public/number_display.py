"""A number as people see it: in one spelling, with who carries it, what kind it is and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from aduan.complaints import dispositions
from aduan.complaints.types import Disposition
from aduan.numbers.parsing import Parsed
from aduan.numbers.queries import holder_of, protection_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_TONES: Final = {
    Disposition.REVIEW: "neutral",
    Disposition.REFERRAL: "info",
    Disposition.SPOOFING: "attention",
    Disposition.RECORD: "info",
}


@dataclass(frozen=True, slots=True)
class NumberDisplay:
    """`word` says what will become of a complaint about it, `tone` how loudly."""

    number: str
    operator: str
    kind: StrOrPromise
    word: StrOrPromise
    tone: str


def describe_number(parsed: Parsed) -> NumberDisplay:
    holder = holder_of(parsed, on=timezone.localdate())
    disposition = dispositions.disposition_of(parsed.kind, protected=protection_of(parsed) is not None)
    return NumberDisplay(
        number=parsed.display,
        operator=(holder.brand or holder.operator_name) if holder else "",
        kind=parsed.kind.label,
        word=dispositions.message_for(disposition),
        tone=_TONES[disposition],
    )
