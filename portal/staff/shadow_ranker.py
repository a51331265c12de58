"""What the shadow ranker has found, beside the points; and the switch, once it has earned it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from aduan.accounts.roles import Permission
from aduan.cases import queries, services
from aduan.cases.models.shadow_ranker import FEWEST_BLOCKS, FEWEST_OF_EACH, FOUND_PERCENT, MORE_THAN_POINTS
from portal.staff.bounded_figures import INPUT
from portal.staff.desk_figures import RANKING_FIGURES
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

    from aduan.cases.models import RankerRun


class SwitchForm(forms.Form):
    """Why the order of the queue is given to the ranker, or to the points again."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea({**INPUT, "rows": 2})
    )


@dataclass(frozen=True, slots=True)
class ChanceBand:
    """Cases to which it gave a chance in one fifth of the scale. All in percent but `cases`."""

    low: int
    cases: int
    said: float
    blocked: float

    @property
    def high(self) -> int:
        return self.low + 20


def chances_of(night: RankerRun) -> list[ChanceBand]:
    return [
        ChanceBand(20 * band, cases, chances / cases / 10, 100 * blocked / cases)
        for band, cases, chances, blocked in night.chances
    ]


@staff_page("antrean/urutan/bayangan/", name="shadow_ranker", permission=Permission.SET_RANKING)
@require_http_methods(["GET", "HEAD", "POST"])
def shadow_ranker(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    state = queries.ranker_state(at=now)
    form = SwitchForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        use, reason = request.POST.get("step") == "use", form.cleaned_data["reason"]
        services.use_ranker(use=use, reason=reason, by=staff_user(request), at=now)
        messages.success(request, _("Set. The queue is ordered anew within ten minutes."))
        return redirect("staff:shadow_ranker")
    figures = {name: getattr(state.policy, name) for name in RANKING_FIGURES}
    has_read = any(night.placed for night in state.nights)
    context = {
        "title": _("Shadow ranker"),
        "state": state,
        "needs": {
            "percent": FOUND_PERCENT,
            "more": MORE_THAN_POINTS,
            "blocks": FEWEST_BLOCKS,
            "each": FEWEST_OF_EACH,
        },
        "chances": chances_of(state.comparison) if state.comparison else [],
        "preview": queries.ranking_preview(figures, by_ranker=True, at=now) if has_read else None,
        "form": form,
    }
    return render_staff_page(request, "staff/shadow_ranker.html", context, status=400 if form.errors else 200)
