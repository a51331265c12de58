"""The row of the public figures that becomes public next: its receiver sees it first, and adds a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aduan.blocklists.codes import OutcomeStatus
from aduan.core.errors import DomainError
from aduan.core.periods import local_date
from aduan.referrals.codes import PlatformAnswer
from aduan.statistics import queries, services
from aduan.statistics.models import LONGEST_REMARK
from aduan.statistics.remarks import closes_on, open_month
from portal.common.forms import add_form_error
from portal.operators.base import operator_page, render_page
from portal.operators.forms import PlainForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase
    from django_stubs_ext import StrOrPromise

    from aduan.operators.actors import Actor


_LABELS: Final[Mapping[str, StrOrPromise]] = {
    "silent": gettext_lazy("No answer yet"),
    "unchecked": gettext_lazy("Answered by mail, not checked yet"),
    "withdrawn": gettext_lazy("Withdrawn before an answer"),
    **dict(OutcomeStatus.choices),
    **dict(PlatformAnswer.choices),
}


class RemarkForm(PlainForm):
    text = forms.CharField(
        label=gettext_lazy("Your sentence"),
        max_length=LONGEST_REMARK,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Everybody reads it beside your row, as it stands. No number, link or account."
        ),
    )


@operator_page("GET", "HEAD", "POST")
def own_row(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    now = timezone.now()
    month = open_month(local_date(now))
    form = RemarkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.write_remark(text=form.cleaned_data["text"], actor=actor, at=now)
        except DomainError as error:
            add_form_error(form, error)
        else:
            messages.success(request, _("Kept. It becomes public with your row."))
            return redirect("operators:own_row")
    row = services.own_row(actor.operator, month) if month else {}
    answers = sorted(row.get("answer", {}).items(), key=lambda one: (-one[1], one[0]))
    context = {
        "month": month,
        "closes": month and closes_on(month),
        "form": form,
        "remark": queries.newest_remark(actor.operator, month) if month else None,
        "total": sum(row.get("answer", {}).values()),
        "kept": row.get("promise", {}).get("kept", 0),
        "answers": [(capfirst(str(_LABELS.get(value, value))), count) for value, count in answers],
    }
    return render_page(request, actor, "own_row", context, status=400 if form.errors else 200)
