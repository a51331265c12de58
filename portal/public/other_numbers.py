"""The further numbers of one scam, as they are typed into the form: one on each line."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.forms import ValidationError
from django.utils.translation import gettext as _

from aduan.complaints.reading import MOST_NUMBERS
from aduan.complaints.reported_number import is_own_number, parse_reported_number
from aduan.complaints.types import NumberAlso
from aduan.numbers.parsing import Parsed, Refused


@dataclass(slots=True)
class OtherNumbers:
    """Each number once, without the first; `left_out` counts those beyond the most of one complaint."""

    also: list[NumberAlso] = field(default_factory=list)
    left_out: int = 0
    errors: list[ValidationError] = field(default_factory=list)


def read_others(text: str, *, channel: str, first: Parsed | None, contact_phone: str) -> OtherNumbers:
    """A line that cannot be read is an error that names it: the number would be lost otherwise."""
    found: dict[str, NumberAlso] = {}
    read = OtherNumbers()
    for line in filter(None, map(str.strip, text.splitlines())):
        try:
            parsed = parse_reported_number(line, channel)
        except Refused as refusal:
            words = _("“%(line)s”: %(why)s") % {"line": line, "why": refusal.message}
            read.errors.append(ValidationError(words, code=refusal.code))
            continue
        if is_own_number(parsed, contact_phone):
            words = _("“%(line)s” is your own number. Please remove it.") % {"line": line}
            read.errors.append(ValidationError(words, code="own_number"))
        elif first is None or parsed.canonical != first.canonical:
            found.setdefault(parsed.canonical, NumberAlso(parsed, line))
    read.also = list(found.values())[: MOST_NUMBERS - 1]
    read.left_out = len(found) - len(read.also)
    return read
