"""A platform's own pages: what it is asked, its answers one by one or as a file, numbers that it banned."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from aduan.complaints import categories
from aduan.core.errors import DomainError
from aduan.operators.actors import Actor
from aduan.operators.models import Operator
from aduan.referrals import queries, services
from aduan.referrals.codes import AnswerWay, PlatformAnswer
from portal.common.forms import add_form_error
from portal.common.platform_answers import PlatformAnswerForm, referral_facts
from portal.common.referral_files import LARGEST_REFERRAL_FILE, answer_lines, banned_numbers
from portal.operators.base import operator_page, render_page
from portal.operators.forms import PlainForm

FIGURES_DAYS = 90
MOST_IN_TEMPLATE = 5_000
_FORGOTTEN = gettext_lazy("Sandbox: what you sent was checked, and forgotten.")


class ReferralFileForm(PlainForm):
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv", "class": "form-control"}),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_REFERRAL_FILE:
            raise forms.ValidationError(_("The file is larger than 2\u00a0MB. Send it in parts."))
        return file


@operator_page()
def referrals(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    _platform_only(actor)
    now = timezone.now()
    answered = request.GET.get("jawaban") == "ada"
    found = queries.referrals_of(actor.operator, answered=answered)
    context = {
        "part": Paginator(found, queries.REFERRAL_PAGE).get_page(request.GET.get("halaman")),
        "answered": answered,
        "figures": queries.platform_figures(
            actor.operator, since=now - dt.timedelta(days=FIGURES_DAYS), until=now, at=now
        ),
    }
    return render_page(request, actor, "referrals", context)


@operator_page("GET", "HEAD", "POST")
def one_referral(request: HttpRequest, actor: Actor, uid: uuid.UUID) -> HttpResponseBase:
    _platform_only(actor)
    referral = queries.referral_to(actor.operator, uid)
    if referral is None:
        raise Http404
    form = PlatformAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_referral(
                referral, **form.cleaned_data, way=AnswerWay.PAGE, actor=actor, at=timezone.now()
            )
        except DomainError as error:
            add_form_error(form, error)
        else:
            messages.success(request, _thanks(actor))
            return redirect("operators:referrals")
    context = {**referral_facts(referral), "replies": referral.replies.all(), "form": form}
    return render_page(request, actor, "referral", context, status=400 if form.errors else 200)


@operator_page("GET", "HEAD", "POST")
def referral_upload(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    _platform_only(actor)
    form = ReferralFileForm(request.POST or None, request.FILES or None)
    wrong: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            lines = answer_lines(form.cleaned_data["file"].read())
            given = services.answer_referrals(lines, way=AnswerWay.UPLOAD, actor=actor, at=timezone.now())
        except DomainError as error:
            wrong = error.details.get("rows", [])
            add_form_error(form, error)
        else:
            taken = _("Answers taken: %(count)d.") % {"count": len(given)}
            messages.success(request, _FORGOTTEN if actor.operator.is_sandbox else taken)
            return redirect("operators:referrals")
    context = {"form": form, "wrong": wrong[:100], "answers": PlatformAnswer.choices}
    return render_page(request, actor, "referral_upload", context, status=400 if form.errors else 200)


@operator_page()
def referral_template(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """A CSV file with what waits for an answer, to be filled in."""
    _platform_only(actor)
    waiting = queries.referrals_of(actor.operator, answered=False)[:MOST_IN_TEMPLATE]
    lines = ["referral,account,answer,note,acted_at"]
    lines += [f"{one.uid},{one.account},,," for one in waiting]
    return HttpResponse(
        "\n".join(lines) + "\n",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="referrals.csv"'},
    )


@operator_page("GET", "HEAD", "POST")
def report_numbers(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """Numbers that the platform banned: they raise the rank of a case and decide nothing."""
    _platform_only(actor)
    form = ReferralFileForm(request.POST or None, request.FILES or None)
    report, new = None, True
    wrong: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            rows = banned_numbers(form.cleaned_data["file"].read())
            report, new = services.file_agency_report(rows, actor=actor, at=timezone.now())
        except DomainError as error:
            wrong = error.details.get("rows", [])
            add_form_error(form, error)
    context = {
        "form": form,
        "report": report,
        "repeated": not new,
        "categories": categories.choices(),
        "wrong": wrong[:100],
    }
    return render_page(request, actor, "report_numbers", context, status=400 if form.errors else 200)


def _thanks(actor: Actor) -> StrOrPromise:
    if actor.operator.is_sandbox:
        return _FORGOTTEN
    return _("Thank you. The people who complained can read your answer.")


def _platform_only(actor: Actor) -> None:
    """Operators get lists, not referrals: for them the page does not exist."""
    if actor.operator.kind != Operator.Kind.OTT:
        raise Http404
