"""Reporting outcomes as a person: a CSV file, or one number by hand. All rows count, or none."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aduan.blocklists import queries
from aduan.blocklists.codes import OutcomeStatus
from aduan.blocklists.models import BlockList
from aduan.blocklists.outcome_rows import AnswerRow
from aduan.blocklists.services import report_outcomes
from aduan.core.errors import DomainError
from aduan.operators.actors import Actor
from portal.common.forms import add_form_error
from portal.common.outcome_files import LARGEST, explained, rows_of
from portal.operators.base import operator_page, render_page
from portal.operators.forms import PlainForm
from portal.operators.lists import own_list

ERRORS_SHOWN = 100


class UploadForm(PlainForm):
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv", "class": "form-control"}),
        help_text=gettext_lazy("Columns: number, answer, acted_at, reason. At most 64\u00a0MB."),
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 64\u00a0MB. Send it in parts."))
        return file


class ByHandForm(PlainForm):
    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    number = forms.CharField(
        label=gettext_lazy("Number"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=gettext_lazy("As on the list: digits only, beginning with 62 or +62."),
    )
    answer = forms.ChoiceField(
        label=gettext_lazy("What you did"),
        choices=OutcomeStatus.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "Where a number has a new holder, its block ends at once. Many on one day wait until the ministry"
            " has asked you."
        ),
    )
    acted_at = forms.DateTimeField(
        label=gettext_lazy("When (WIB)"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=gettext_lazy("Left empty: now."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Needed when you refuse."),
    )


@operator_page("GET", "HEAD", "POST")
def outcomes(request: HttpRequest, actor: Actor, name: str) -> HttpResponseBase:
    block_list = own_list(actor, name)
    form = UploadForm(request.POST or None, request.FILES or None, initial={"digest": block_list.digest})
    wrong: list[dict[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            return _taken(request, actor, block_list, rows_of(form.cleaned_data["file"].file), form)
        except DomainError as error:
            wrong = explained(error.details.get("rows", []))
            add_form_error(form, error)
    context = {
        "name": name,
        "list": block_list,
        "form": form,
        "wrong": wrong[:ERRORS_SHOWN],
        "more": max(0, len(wrong) - ERRORS_SHOWN),
        "by_hand": ByHandForm(initial={"digest": block_list.digest, "number": request.GET.get("nomor", "")}),
        "answers": OutcomeStatus.choices,
    }
    return render_page(request, actor, "outcomes", context, status=400 if form.errors else 200)


@operator_page("GET", "HEAD", "POST")
def outcome_by_hand(request: HttpRequest, actor: Actor, name: str) -> HttpResponseBase:
    block_list = own_list(actor, name)
    form = ByHandForm(request.POST or None, initial={"digest": block_list.digest})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        acted_at = said["acted_at"].isoformat() if said["acted_at"] else ""
        row = AnswerRow(1, said["number"].strip(), said["answer"], acted_at, said["reason"])
        try:
            return _taken(request, actor, block_list, [row], form)
        except DomainError as error:
            _add_row_errors(form, error)
    context = {"name": name, "list": block_list, "form": form}
    return render_page(request, actor, "outcome_by_hand", context, status=400 if form.errors else 200)


@operator_page()
def template(request: HttpRequest, actor: Actor, name: str) -> HttpResponseBase:
    """A CSV file with the numbers that still wait for an answer, to be filled in."""
    block_list = own_list(actor, name)
    lines = ["number,answer,acted_at,reason"]
    lines += [f"{digits},,," for digits in queries.open_numbers(block_list, limit=block_list.count)]
    return HttpResponse(
        "\n".join(lines) + "\n",
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}-outcomes.csv"'},
    )


def _taken(
    request: HttpRequest, actor: Actor, block_list: BlockList, rows: Any, form: forms.Form
) -> HttpResponseBase:
    digest = form.cleaned_data["digest"]
    report = report_outcomes(block_list, rows, list_digest=digest, by=actor.user, at=timezone.now())
    counted = ngettext("%(n)d row was taken", "%(n)d rows were taken", report.row_count) % {
        "n": report.row_count
    }
    changed = ngettext("%(n)d of them was new.", "%(n)d of them were new.", report.changed_count) % {
        "n": report.changed_count
    }
    messages.success(request, f"{counted}; {changed}")
    _say_recycled(request, *queries.recycled_in(report))
    return redirect("operators:list", name=queries.name_of(block_list))


def _say_recycled(request: HttpRequest, ended: int, waiting: int) -> None:
    """The answer that acts by itself: who gave it by mistake has to learn it now."""
    if ended:
        text = ngettext(
            "%(n)d number has a new holder, as you say: its block or hold has ended. If that is wrong, write"
            " to us.",
            "%(n)d numbers have new holders, as you say: their blocks or holds have ended. If that is wrong,"
            " write to us.",
            ended,
        )
        messages.warning(request, text % {"n": ended})
    if waiting:
        text = ngettext(
            "%(n)d number with a new holder waits until the ministry has asked you; its block"
            " stays until then.",
            "%(n)d numbers with new holders wait until the ministry has asked you; their blocks"
            " stay until then.",
            waiting,
        )
        messages.warning(request, text % {"n": waiting})


def _add_row_errors(form: forms.Form, error: DomainError) -> None:
    """The fault of the only row, at its field."""
    rows = explained(error.details.get("rows", []))
    if not rows:
        add_form_error(form, error)
    for row in rows:
        prefix = row["code"].partition("_")[0]
        field = {"number": "number", "answer": "answer", "reason": "reason", "time": "acted_at"}.get(
            prefix, "number"
        )
        form.add_error(field, row["message"])
