"""Questions of reviewers about a number, and the operator's one answer to each."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aduan.core.errors import DomainError
from aduan.operators.actors import Actor
from aduan.teamwork import queries, services
from portal.common.forms import add_form_error
from portal.operators.base import operator_page, render_page
from portal.operators.forms import PlainForm


class QuestionAnswerForm(PlainForm):
    question = forms.CharField(
        label=gettext_lazy("Your answer"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("No customer's name. An answer cannot be changed afterwards."),
    )


@operator_page()
def questions(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    asked = queries.questions_to_operator(actor.operator)
    return render_page(request, actor, "questions", {"asked": asked})


@operator_page("GET", "HEAD", "POST")
def answer_question(request: HttpRequest, actor: Actor, pk: int) -> HttpResponseBase:
    question = queries.question_to_operator(actor.operator, pk)
    if question is None:
        raise Http404
    form = QuestionAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_operator_question(
                question, actor=actor, at=timezone.now(), text=form.cleaned_data["question"]
            )
        except DomainError as error:
            add_form_error(form, error)
        else:
            messages.success(request, _("Thank you. Your answer stands on the case."))
            return redirect("operators:questions")
    context = {"asked": question, "form": form}
    return render_page(request, actor, "question", context, status=400 if form.errors else 200)
