"""What the queue can be narrowed by and how it can stand, read from its address."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aduan.cases.queries import Filters, Sort
from aduan.complaints.categories import choices as categories
from aduan.complaints.types import Channel
from aduan.operators.models import Operator

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_AGES: Final[dict[str, dt.timedelta]] = {
    "1": dt.timedelta(days=1),
    "3": dt.timedelta(days=3),
    "7": dt.timedelta(days=7),
    "30": dt.timedelta(days=30),
}
_LOSSES: Final[dict[str, StrOrPromise]] = {
    "1000000": gettext_lazy("Rp\u00a01\u00a0million"),
    "10000000": gettext_lazy("Rp\u00a010\u00a0million"),
    "100000000": gettext_lazy("Rp\u00a0100\u00a0million"),
}
_SORTS: Final[dict[Sort, StrOrPromise]] = {
    Sort.SUGGESTED: gettext_lazy("as suggested"),
    Sort.DUE: gettext_lazy("by due date"),
    Sort.OLDEST: gettext_lazy("oldest first"),
    Sort.NEWEST: gettext_lazy("newest first"),
}
# What an address of the queue is made of: all that a saved view keeps.
ADDRESS: Final = ("view", "q", "operator", "category", "channel", "age", "loss", "region", "sort")


class FilterForm(forms.Form):
    """A field that cannot be read narrows nothing."""

    operator = forms.ChoiceField(label=gettext_lazy("Operator"), required=False)
    category = forms.ChoiceField(label=gettext_lazy("Category"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    age = forms.ChoiceField(label=gettext_lazy("Older than"), required=False)
    loss = forms.ChoiceField(label=gettext_lazy("Loss from"), required=False)
    region = forms.CharField(label=gettext_lazy("Region"), required=False, max_length=60)
    sort = forms.ChoiceField(label=gettext_lazy("Order"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        operators = Operator.objects.values_list("code", "name", "pk")
        self._operator_keys = {code: key for code, _name, key in operators}
        offered: dict[str, list[tuple[str, Any]]] = {
            "operator": [(code, name) for code, name, _key in operators],
            "category": list(categories()),
            "channel": list(Channel.choices),
            "age": [(days, _("%(days)s d") % {"days": days}) for days in _AGES],
            "loss": list(_LOSSES.items()),
            "sort": [(sort.value, label) for sort, label in _SORTS.items()],
        }
        for name, options in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - narrows the type only
            field.choices = [("", field.label), *options]
            field.widget.attrs["class"] = "form-select"
        self.fields["region"].widget.attrs |= {"class": "form-control", "placeholder": _("Region")}

    def _given(self, name: str) -> Any:
        self.is_valid()
        return self.cleaned_data.get(name, "")

    def wanted(self) -> Filters:
        return Filters(
            operator=self._given("operator"),
            operator_key=self._operator_keys.get(self._given("operator")),
            category=self._given("category"),
            channel=self._given("channel"),
            region=self._given("region"),
            older_than=_AGES.get(self._given("age")),
            min_loss=int(self._given("loss") or 0),
        )

    def wanted_sort(self) -> Sort | None:
        """None: as the view stands by itself."""
        return Sort(given) if (given := self._given("sort")) else None
