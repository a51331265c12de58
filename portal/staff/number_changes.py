"""A complaint under the wrong number: the right one is asked for here, and confirmed by another person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aduan.accounts.roles import Permission
from aduan.cases.models import Case, ChangeRequest
from aduan.complaints import services, tickets
from aduan.complaints.models import Complaint
from aduan.complaints.reported_number import parse_reported_number
from aduan.core.errors import DomainError, Invalid
from portal.common import signin
from portal.common.forms import add_form_error
from portal.staff.refusals import action_denied
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

_OFFERED = 50
_WAYS = {
    ChangeRequest.Kind.MOVE: gettext_lazy("This complaint is about another number"),
    ChangeRequest.Kind.SPLIT: gettext_lazy("This complaint is about a second number too"),
    ChangeRequest.Kind.MERGE: gettext_lazy(
        "All of this case belongs to another number: two spellings of one"
    ),
}


class ComplaintChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]  # no generic at run time
    """A complaint by its ticket and the beginning of its story."""

    def label_from_instance(self, obj: Complaint) -> str:
        return f"{tickets.show(obj.ticket)}: {obj.narrative[:60]}"


class NumberChangeForm(forms.Form):
    """What is wrong, with which complaint, and the right number."""

    seen = forms.CharField(widget=forms.HiddenInput, max_length=80)
    kind = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"),
        choices=list(_WAYS.items()),
        initial=ChangeRequest.Kind.MOVE,
        widget=forms.RadioSelect,
    )
    complaint = ComplaintChoiceField(
        label=gettext_lazy("Complaint"),
        queryset=Complaint.objects.none(),
        required=False,
        widget=forms.Select({"class": "form-select"}),
    )
    number = forms.CharField(
        label=gettext_lazy("The right number"),
        max_length=200,
        widget=forms.TextInput({"class": "form-control", "inputmode": "tel"}),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why, for the second person"),
        max_length=2000,
        widget=forms.Textarea({"class": "form-control", "rows": 3}),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["complaint"]
        assert isinstance(field, ComplaintChoiceField)  # noqa: S101 - narrows the type only
        here = Complaint.objects.filter(case=case, withdrawn_at=None, erased_at=None)
        newest = list(here.order_by("-pk").values_list("pk", flat=True)[:_OFFERED])
        field.queryset = Complaint.objects.filter(pk__in=newest).order_by("-pk")


@staff_page("perkara/<int:pk>/nomor-lain/", name="number_change", permission=Permission.SIGN_OFF)
@signin.step_up
@require_http_methods(["GET", "HEAD", "POST"])
def number_change(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The page asks; nothing moves before another person has confirmed it."""
    case = get_object_or_404(Case, pk=pk)
    start = {"seen": case.contents_digest, "complaint": request.GET.get("complaint")}
    form = NumberChangeForm(request.POST if request.method == "POST" else None, case=case, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            _ask(request, case, form.cleaned_data)
        except Invalid as refusal:
            add_form_error(form, refusal)
        except DomainError as refusal:
            return action_denied(request, refusal, back=reverse("staff:case", args=[pk]))
        else:
            messages.success(request, _("Asked for. It is done as soon as another person confirms it."))
            # Not back to the case: opening it would take it again, and the second person waits for it.
            return redirect("staff:queue")
    context = {"title": _("Put under another number"), "case": case, "form": form}
    return render_staff_page(request, "staff/number_change.html", context, status=400 if form.errors else 200)


def _ask(request: HttpRequest, case: Case, given: dict[str, Any]) -> None:
    complaint = given["complaint"]
    services.request_number_change(
        case,
        kind=given["kind"],
        complaint=complaint,
        number=parse_reported_number(given["number"], complaint.channel if complaint else ""),
        reason=given["reason"],
        by=staff_user(request),
        step_up=signin.step_up_of(request),
        at=timezone.now(),
        seen_digest=given["seen"],
    )
