"""A form that costs little before it is shown: most are valid, and no one sees them again."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django import forms


class OneOf(forms.ChoiceField):
    """A choice of codes that are looked up; `choices` with their words are for a page that shows them."""

    def __init__(self, *, codes: Callable[[], Collection[str]], **options: Any) -> None:
        super().__init__(**options)
        self._codes = codes

    def valid_value(self, value: Any) -> bool:
        return str(value) in self._codes()


class QuicklyCopied(dict[str, forms.Field]):
    """Fields of a class of forms. Each form begins with a deep copy of them, which copies here by hand.

    Of the same things as `Field.__deepcopy__`, without asking each object how it wants to be pickled.
    """

    def __deepcopy__(self, _memo: dict[int, Any]) -> dict[str, forms.Field]:
        return {name: _copy_of(field) for name, field in self.items()}


def _copy_of(field: forms.Field) -> forms.Field:
    copied: forms.Field = _like(field)
    copied.widget = _like(field.widget)
    copied.widget.attrs = dict(field.widget.attrs)
    copied.error_messages = dict(field.error_messages)
    copied.validators = list(field.validators)
    return copied


def _like(thing: Any) -> Any:
    new = object.__new__(type(thing))
    new.__dict__.update(thing.__dict__)
    return new
