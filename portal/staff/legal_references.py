"""The rules of law behind what the portal does: since when, until when, and what rests on each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.cases.models import HoldPolicy
from aduan.cases.queries import hold_policy
from aduan.operators.models import LegalReference, Operator
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    import datetime as dt

    from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True, slots=True)
class LawInForce:
    """A rule of law and what rests on it; `in_force` on the day that was asked for."""

    law: LegalReference
    title: str
    in_force: bool
    rules: list[HoldPolicy]
    operators: int


@staff_page(
    "dasar-hukum/",
    name="legal_references",
    permission=Permission.VIEW_REGISTER,
    title=gettext_lazy("Grounds in law"),
    menu_order=78,
)
@require_safe
def legal_references(request: HttpRequest) -> HttpResponse:
    """Whether numbers may be held today, and under which law; then every law that is known."""
    now, by = timezone.now(), staff_user(request)
    context = {
        "title": _("Grounds in law"),
        "policy": hold_policy(at=now),
        "rows": _legal_rows(timezone.localdate(now)),
        "may_set_rules": by.has_permission(Permission.SET_LIMITS),
    }
    return render_staff_page(request, "staff/legal_references.html", context)


def _legal_rows(day: dt.date) -> list[LawInForce]:
    obliged = list(Operator.objects.values_list("legal_reference_id", flat=True))
    rules: dict[int, list[HoldPolicy]] = {}
    for one in HoldPolicy.objects.order_by("valid"):
        rules.setdefault(one.legal_reference_id, []).append(one)
    in_english = (get_language() or "").startswith("en")
    return [
        LawInForce(
            law=law,
            title=law.title_en if in_english else law.title_id,
            in_force=day in law.valid,
            rules=rules.get(law.pk, []),
            operators=obliged.count(law.pk),
        )
        for law in LegalReference.objects.order_by("valid", "code")
    ]
