"""What people do with a case for their colleagues: a note, watching it, handing it over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Case
from aduan.core.errors import DomainError, Invalid
from aduan.teamwork import queries, services
from portal.common.forms import add_form_error
from portal.common.methods import post_only
from portal.staff import case_page, drafts
from portal.staff.forms import NoteForm, OperatorQuestionForm
from portal.staff.refusals import action_denied
from portal.staff.rendering import parse_id, render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponseBase


class RecipientForm(forms.Form):
    """One colleague who can work now."""

    to = forms.ModelChoiceField(
        label=gettext_lazy("To"),
        queryset=User.objects.none(),
        empty_label=None,
        widget=forms.Select({"class": "form-select", "autofocus": True}),
    )

    def __init__(self, *args: Any, by: User, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = queries.caseworkers(at=at)
        if not by.has_permission(Permission.ASSIGN):
            people = people.exclude(pk=by.pk)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - narrows the type only
        field.queryset = people


@staff_page("perkara/<int:pk>/catatan/", name="write_note", permission=Permission.VIEW_CASES)
@transaction.non_atomic_requests
@post_only
def write_note(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A note is kept as a draft first: a wrong mention or a lost session costs no text."""
    case, by = get_object_or_404(Case, pk=pk), staff_user(request)
    kept = drafts.keep_form(request, case, "note")
    form = NoteForm(request.POST)
    if refused := _refused(request, case, form, "note", services.write_note, kept=kept):
        return refused
    drafts.discard_form(request, case, "note")
    messages.success(request, _("The note is written."))
    for name, until in queries.mentioned_and_away(case, by=by, at=timezone.now()):
        day = date_format(until, "j M Y")
        messages.warning(request, _("%(name)s is away through %(day)s.") % {"name": name, "day": day})
    return redirect(reverse("staff:case", args=[pk]) + "#notes-title")


@staff_page("perkara/<int:pk>/tanya-operator/", name="ask_operator", permission=Permission.VIEW_CASES)
@transaction.non_atomic_requests
@post_only
def ask_operator(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One question at a time; the answer comes to the inbox."""
    case = get_object_or_404(Case, pk=pk)
    kept = drafts.keep_form(request, case, "operator")
    form = OperatorQuestionForm(request.POST)
    if refused := _refused(request, case, form, "operator", services.ask_operator, kept=kept):
        return refused
    drafts.discard_form(request, case, "operator")
    messages.success(request, _("The operator has the question. The answer comes to your inbox."))
    return redirect(reverse("staff:case", args=[pk]) + "#notes-title")


def _refused(
    request: HttpRequest,
    case: Case,
    form: forms.Form,
    panel: str,
    write: Callable[..., object],
    *,
    kept: bool,
) -> HttpResponseBase | None:
    """Writes the form's one text; the page that says why, where it was not written."""
    if form.is_valid():
        (text,) = form.cleaned_data.values()
        try:
            write(case, by=staff_user(request), at=timezone.now(), text=text)
        except Invalid as refusal:
            add_form_error(form, refusal)
        except DomainError as refusal:
            return action_denied(request, refusal, back=reverse("staff:case", args=[case.pk]), kept=kept)
        else:
            return None
    return case_page.render(request, case.pk, broken={panel: form}, status=400)


@staff_page("perkara/<int:pk>/pantau/", name="watch", permission=Permission.VIEW_CASES)
@post_only
def set_watching(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Begins or ends watching."""
    case, by = get_object_or_404(Case, pk=pk), staff_user(request)
    if request.POST.get("on") == "1":
        services.watch_case(case, by=by, at=timezone.now())
        messages.success(request, _("You hear of every step of this case in your inbox."))
    else:
        services.unwatch_case(case, by=by)
        messages.success(request, _("You no longer watch this case."))
    return redirect("staff:case", pk)


@staff_page("perkara/<int:pk>/serahkan/", name="hand_over", permission=Permission.VIEW_CASES)
def hand_over(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Chooses the colleague; a lead assigns here what another holds."""
    case, by, now = get_object_or_404(Case, pk=pk), staff_user(request), timezone.now()
    form = RecipientForm(request.POST or None, by=by, at=now)
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        try:
            _give(case, to=to, by=by, at=now)
        except Invalid as refusal:
            add_form_error(form, refusal)
        except DomainError as refusal:
            return action_denied(request, refusal, back=reverse("staff:case", args=[pk]))
        else:
            messages.success(
                request,
                _("%(case)s is now with %(name)s.") % {"case": case.reference, "name": to},
            )
            return redirect("staff:queue")
    context = {"title": _("Hand over %(case)s") % {"case": case.reference}, "case": case, "form": form}
    return render_staff_page(request, "staff/hand_over.html", context, status=400 if form.errors else 200)


def _give(case: Case, *, to: User, by: User, at: dt.datetime) -> None:
    if not by.has_permission(Permission.ASSIGN):
        services.hand_over(case, to=to, by=by, at=at)
        return
    for _case, refusal in services.assign_cases([case], to=to, by=by, at=at).refused:
        raise refusal


@staff_page("antrean/tugaskan/", name="assign", permission=Permission.ASSIGN)
@post_only
def assign(request: HttpRequest) -> HttpResponseBase:
    """First the marked cases and whose they become, then the act."""
    by, now = staff_user(request), timezone.now()
    marked = [key for text in request.POST.getlist("cases")[:100] if (key := parse_id(text))]
    chosen = list(Case.objects.filter(pk__in=marked).select_related("held_by").order_by("-score", "-pk"))
    if not chosen:
        messages.info(request, _("Mark at least one case first."))
        return redirect("staff:queue")
    confirmed = "confirmed" in request.POST
    form = RecipientForm(request.POST if confirmed else None, by=by, at=now)
    if confirmed and form.is_valid():
        try:
            result = services.assign_cases(chosen, to=form.cleaned_data["to"], by=by, at=now)
        except Invalid as refusal:
            add_form_error(form, refusal)
        else:
            _say(request, result, form.cleaned_data["to"])
            return redirect("staff:queue")
    context = {"title": _("Assign cases"), "chosen": chosen, "form": form}
    return render_staff_page(request, "staff/assign.html", context, status=400 if form.errors else 200)


def _say(request: HttpRequest, result: services.Assigned, to: User) -> None:
    if result.done:
        given = ", ".join(case.reference for case in result.done)
        messages.success(request, _("Now with %(name)s: %(cases)s.") % {"name": to, "cases": given})
    for case, refusal in result.refused:
        messages.warning(request, f"{case.reference}: {refusal.message}")
