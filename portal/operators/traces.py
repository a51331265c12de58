"""Questions about spoofed numbers: where the calls really came from; and since when a number is in use."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aduan.cases import queries, services
from aduan.cases.models import Finding, TraceRequest
from aduan.complaints.queries import calls_of
from aduan.core.errors import DomainError
from aduan.operators.actors import Actor
from portal.common.forms import add_form_error
from portal.operators.base import operator_page, render_page
from portal.operators.forms import PlainForm


class AnswerForm(PlainForm):
    finding = forms.ChoiceField(
        label=gettext_lazy("What your records show"), choices=Finding.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Which network or country, and what else helps. No customer's name."),
    )


class InUseForm(PlainForm):
    number = forms.RegexField(
        regex=r"^\+?62[0-9]{8,12}$",
        label=gettext_lazy("Number"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("As on the list: digits only, beginning with 62 or +62."),
        error_messages={
            "invalid": gettext_lazy("Write the number as on the list: digits only, beginning with 62 or +62.")
        },
    )
    since = forms.DateField(
        label=gettext_lazy("With its present holder since"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@operator_page()
def traces(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    waiting = queries.questions_to(actor.operator)
    context = {
        "waiting": waiting,
        "answered": queries.questions_to(actor.operator, answered=True),
    }
    return render_page(request, actor, "traces", context)


@operator_page("GET", "HEAD", "POST")
def answer_trace(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    question = queries.question_to(actor.operator, pk)
    if question is None:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = TraceRequest(pk=question.trace_id, case_id=question.case_id)
        try:
            services.answer_trace(asked, **form.cleaned_data, actor=actor, at=timezone.now())
        except DomainError as error:
            add_form_error(form, error)
        else:
            messages.success(request, _("Thank you. Your answer stands on the case."))
            return redirect("operators:traces")
    calls = calls_of([question.case_id]).get(question.case_id, [])
    context = {"question": question, "calls": calls, "form": form}
    return render_page(request, actor, "trace", context, status=400 if form.errors else 200)


@operator_page("GET", "HEAD", "POST")
def in_use_since(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """From the sixth year on a block takes three people: the operator alone knows."""
    form = InUseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        digits = int(form.cleaned_data["number"].lstrip("+"))
        try:
            services.set_in_use_since(
                digits, since=form.cleaned_data["since"], actor=actor, at=timezone.now()
            )
        except DomainError as error:
            add_form_error(form, error)
        else:
            messages.success(request, _("Noted. A block of a long-held number takes three people."))
            return redirect("operators:in_use_since")
    return render_page(request, actor, "in_use_since", {"form": form}, status=400 if form.errors else 200)
