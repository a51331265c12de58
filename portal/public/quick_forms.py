"""A form that costs little before it is shown: most are valid, and no one sees them again."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django import forms
from django.forms import BoundField


class OneOf(forms.ChoiceField):
    """A choice of codes that are looked up; `choices` with their words are for a page that shows them."""

    def __init__(self, *, codes: Callable[[], Collection[str]], **options: Any) -> None:
        super().__init__(**options)
        self._codes = codes

    def valid_value(self, value: Any) -> bool:
        return str(value) in self._codes()


class QuickForm(forms.Form):
    """Validated with the fields of its class, which that leaves as they are; a page gets copies of its own.

    Not a field of files, whose widget remembers what it was sent. Give the class
    `base_fields = SharedFields(base_fields)` when it is made.
    """

    _is_validated = False

    def full_clean(self) -> None:
        self._is_validated = True
        try:
            super().full_clean()
        finally:
            self._is_validated = False

    def __getitem__(self, name: str) -> BoundField:
        if self._is_validated and not isinstance(field := self.base_fields[name], forms.FileField):
            return BoundField(self, field, name)
        return super().__getitem__(name)


class SharedFields(dict[str, forms.Field]):
    """Fields of a class of forms. A form begins with a deep copy of all, which here is made one by one."""

    def __deepcopy__(self, _memo: dict[int, Any]) -> dict[str, forms.Field]:
        return _CopiedWhenTaken(self)


class _CopiedWhenTaken(dict[str, forms.Field]):
    """Fields of one form. What draws a page writes into them, so none is given away that others have, too."""

    def __init__(self, fields: SharedFields) -> None:
        super().__init__(fields)
        self._copied: set[str] = set()

    def __getitem__(self, name: str) -> forms.Field:
        if name not in self._copied:
            self[name] = _copy_of(super().__getitem__(name))
            self._copied.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        try:
            return self[name]
        except KeyError:
            return default

    def values(self) -> Any:
        self._copy_all()
        return super().values()

    def items(self) -> Any:
        self._copy_all()
        return super().items()

    def _copy_all(self) -> None:
        for name in self:
            self[name]


def _copy_of(field: forms.Field) -> forms.Field:
    """Of the same things as `Field.__deepcopy__`, without asking each how it wants to be pickled."""
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
