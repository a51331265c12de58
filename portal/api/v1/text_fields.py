"""Fields that take what the description says and nothing else; the framework's turn anything into text."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

NO_NULL: Final = r"^[^\x00]*$"
NO_NULL_AND_NOT_EMPTY: Final = r"^[^\x00]*[^\x00\s][^\x00]*$"


class PatternField(serializers.RegexField):
    """JSON text that matches a pattern."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class TextField(PatternField):
    """JSON text that can be kept: a database takes no null character."""

    def __init__(self, **options: Any) -> None:
        super().__init__(NO_NULL, **options)


class InstantField(serializers.DateTimeField):
    """A time with its offset: of which zone another one is, is not guessed."""

    default_error_messages = {
        "naive": gettext_lazy("Write the time like 2026-11-18T09:30:00+07:00, with its offset."),
    }

    def enforce_timezone(self, value: dt.datetime) -> dt.datetime:
        if timezone.is_naive(value):
            self.fail("naive")
        return super().enforce_timezone(value)


class NumberField(PatternField):
    """A telephone number as text, or as a JSON number: as a whole one it has lost no digit."""

    def to_internal_value(self, data: Any) -> str:
        whole = isinstance(data, int) and not isinstance(data, bool)
        return super().to_internal_value(str(data) if whole else data)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "pattern": NO_NULL_AND_NOT_EMPTY, "maxLength": 200},
            {"type": "integer"},  # a row is refused for what is no number, as with text
        ],
        "description": "As people write it, or its digits as a JSON number.",
    }
)
class WrittenNumberField(NumberField):
    """A number in any form. What is none is refused as a row, with its reason."""

    def __init__(self, **options: Any) -> None:
        super().__init__(NO_NULL_AND_NOT_EMPTY, max_length=200, **options)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "pattern": r"^\+?[1-9][0-9]{2,14}$"},
            {"type": "integer", "minimum": 100, "maximum": 999_999_999_999_999},
        ],
        "description": "As on the list, `62…`, or `+62…` as in traces, or these digits as a JSON number.",
    }
)
class ListedNumberField(NumberField):
    """A number as lists and traces write it. What is none is refused as a row, with its reason."""

    def __init__(self, **options: Any) -> None:
        super().__init__(NO_NULL_AND_NOT_EMPTY, max_length=40, **options)


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "pattern": r"^\+?62[0-9]{8,12}$"},
            *(
                {"type": "integer", "minimum": 62 * 10**digits, "maximum": 63 * 10**digits - 1}
                for digits in range(8, 13)
            ),
        ],
        "description": "`62…` or `+62…`, or these digits as a JSON number.",
    }
)
class IndonesianNumberField(NumberField):
    """A number of an Indonesian operator."""

    def __init__(self, **options: Any) -> None:
        super().__init__(r"^\+?62[0-9]{8,12}$", **options)
