"""A person's own views of the queue, and its columns and density: set beside the queue, by form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django import forms
from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aduan.accounts.roles import Permission
from aduan.core.errors import DomainError
from aduan.teamwork import services
from aduan.teamwork.models import QueueColumn
from portal.common.methods import post_only
from portal.staff.queue_filters import ADDRESS
from portal.staff.rendering import staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

LONGEST_VALUE: Final = 200


class DisplayForm(forms.Form):
    dense = forms.BooleanField(label=gettext_lazy("One line a row"), required=False)
    columns = forms.MultipleChoiceField(
        label=gettext_lazy("Columns"),
        choices=QueueColumn.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )


def address_of(given: QueryDict) -> str:
    """The part of a query string that a view is made of, always in the same order."""
    kept = QueryDict(mutable=True)
    for name in ADDRESS:
        if value := given.get(name, "").strip()[:LONGEST_VALUE]:
            kept[name] = value
    return kept.urlencode()


@staff_page("antrean/tampilan/", name="save_view", permission=Permission.VIEW_CASES)
@post_only
def save_view(request: HttpRequest) -> HttpResponseBase:
    """Keeps the queue as it stands under a name."""
    address = address_of(QueryDict(request.POST.get("address", "")[:2_000]))
    try:
        view = services.save_view(by=staff_user(request), name=request.POST.get("name", ""), address=address)
    except DomainError as refusal:
        messages.error(request, str(refusal.message))
    else:
        messages.success(request, _("Saved among your views: %(name)s.") % {"name": view.name})
    return _back(address)


@staff_page("antrean/tampilan/<int:key>/hapus/", name="delete_view", permission=Permission.VIEW_CASES)
@post_only
def delete_view(request: HttpRequest, key: int) -> HttpResponseBase:
    services.delete_view(key, by=staff_user(request))
    messages.success(request, _("The view is deleted."))
    return _back("")


@staff_page("antrean/kolom/", name="queue_display", permission=Permission.VIEW_CASES)
@post_only
def queue_display(request: HttpRequest) -> HttpResponseBase:
    """Columns and density, from now on for this person."""
    form = DisplayForm(request.POST)
    if form.is_valid():
        services.set_queue_display(by=staff_user(request), **form.cleaned_data)
    else:
        messages.error(request, _("There is no such column."))
    return _back(address_of(QueryDict(request.POST.get("address", "")[:2_000])))


def _back(address: str) -> HttpResponseBase:
    return redirect(f"{reverse('staff:queue')}?{address}" if address else reverse("staff:queue"))
