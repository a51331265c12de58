"""What the desk aims at: leads set it, the dashboard shows each figure beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aduan.accounts.roles import Permission
from aduan.cases import services
from aduan.cases.models import DeskTarget
from portal.staff.bounded_figures import INPUT, BoundedFiguresForm
from portal.staff.desk_figures import TARGET_FIGURES
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase
    from django_stubs_ext import StrOrPromise


class TargetsForm(BoundedFiguresForm):
    """The figures of DeskTarget under the names that the model gives them."""

    bounds = {**dict.fromkeys(TARGET_FIGURES, (0, 100)), "waiting": (0, 1_000_000)}
    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea({**INPUT, "rows": 2})
    )
    field_order = (*TARGET_FIGURES, "reason")

    @staticmethod
    def name_of(figure: str) -> StrOrPromise:
        return TARGET_FIGURES[figure]


@staff_page("dasbor/target/", name="desk_targets", permission=Permission.SET_RANKING)
@require_http_methods(["GET", "HEAD", "POST"])
def desk_targets(request: HttpRequest) -> HttpResponseBase:
    target = DeskTarget.current()
    given = request.POST if request.method == "POST" else None
    form = TargetsForm(given, initial={name: getattr(target, name) for name in TARGET_FIGURES})
    if request.method == "POST" and form.is_valid():
        figures = {name: form.cleaned_data[name] for name in TARGET_FIGURES}
        services.set_desk_targets(
            figures, reason=form.cleaned_data["reason"], by=staff_user(request), at=timezone.now()
        )
        messages.success(request, _("The targets are set."))
        return redirect("staff:dashboard")
    context = {
        "title": _("Targets of the desk"),
        "form": form,
        "history": DeskTarget.objects.select_related("set_by").order_by("-pk")[:10],
    }
    return render_staff_page(request, "staff/desk_targets.html", context, status=400 if form.errors else 200)
