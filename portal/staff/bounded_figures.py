"""Forms of whole numbers that the database keeps within bounds; the form says them before it has to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from portal.common.amounts import grouped

INPUT: Final = {"class": "form-control"}


class BoundedFiguresForm(forms.Form):
    """A field for each name of `bounds` (lowest and highest value), beside those that the form declares."""

    bounds: ClassVar[Mapping[str, tuple[int, int]]]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (low, high) in self.bounds.items():
            self.fields[name] = forms.IntegerField(
                label=capfirst(str(self.name_of(name))),
                min_value=low,
                max_value=high,
                widget=forms.NumberInput(INPUT),
                help_text=_("%(low)s to %(high)s") % {"low": grouped(low), "high": grouped(high)},
            )
        self.order_fields(self.field_order)

    @staticmethod
    def name_of(figure: str) -> Any:
        """What people call the figure."""
        raise NotImplementedError
