"""How the queue is ordered: what holds, and what other figures would do before a lead sets them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aduan.accounts.roles import Permission
from aduan.cases import queries, services
from aduan.cases.models import RankingPolicy
from portal.staff.bounded_figures import INPUT, BoundedFiguresForm
from portal.staff.desk_figures import RANKING_FIGURES
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase
    from django_stubs_ext import StrOrPromise

WEIGHT: Final = (0, 1000)


class RankingForm(BoundedFiguresForm):
    """The figures of RankingPolicy under the names that the model gives them."""

    bounds = {
        **dict.fromkeys(RANKING_FIGURES, WEIGHT),
        "minutes_per_point": (1, 1000),
        "oldest_percent": (5, 90),
        "random_percent": (0, 85),
        "longest_days": (2, 365),
    }
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        required=False,
        widget=forms.Textarea({**INPUT, "rows": 2}),
    )
    field_order = (*RANKING_FIGURES, "reason")

    @staticmethod
    def name_of(figure: str) -> StrOrPromise:
        return RANKING_FIGURES[figure]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("oldest_percent", 0) + data.get("random_percent", 0) > 90:
            self.add_error(
                "random_percent", _("Together with the oldest at most 90, so that rank still counts.")
            )
        if self.data.get("step") == "set" and not data.get("reason", "").strip():
            self.add_error("reason", _("Please say why: colleagues read it."))
        return data


@staff_page("antrean/urutan/", name="ranking", permission=Permission.SET_RANKING)
@require_http_methods(["GET", "HEAD", "POST"])
def ranking(request: HttpRequest) -> HttpResponseBase:
    now, by = timezone.now(), staff_user(request)
    policy = RankingPolicy.current()
    figures = {name: getattr(policy, name) for name in RANKING_FIGURES}
    form = RankingForm(request.POST if request.method == "POST" else None, initial=figures)
    preview = None
    if request.method == "POST" and form.is_valid():
        given = {name: form.cleaned_data[name] for name in RANKING_FIGURES}
        if request.POST.get("step") == "set":
            services.set_ranking(given, reason=form.cleaned_data["reason"], by=by, at=now)
            messages.success(request, _("Set. The queue is ordered anew within ten minutes."))
            return redirect("staff:ranking")
        preview = queries.ranking_preview(given, by_ranker=policy.by_ranker, at=now)
    context = {
        "title": _("Order of the queue"),
        "policy": policy,
        "history": RankingPolicy.objects.select_related("set_by").order_by("-pk")[:10],
        "form": form,
        "preview": preview,
    }
    return render_staff_page(request, "staff/ranking.html", context, status=400 if form.errors else 200)
