"""What one operator says it blocks, held against its newest list: figures, and the numbers that differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.blocklists import queries
from aduan.blocklists.models import ListSeries
from aduan.operators.models import Operator
from portal.common.differences import answer_label, named_differences, rejected_reports
from portal.staff.rendering import render_staff_page
from portal.staff.site import staff_page

if TYPE_CHECKING:
    import datetime as dt

    from django.http import HttpRequest, HttpResponse

SHOWN = 100


@staff_page("daftar/selisih/", name="reconciliation", permission=Permission.VIEW_LISTS)
@require_safe
def reconciliation(request: HttpRequest) -> HttpResponse:
    """One operator at a time: the comparison reads its whole list."""
    operator = Operator.objects.filter(code=request.GET.get("operator", "")).first()
    context: dict[str, Any] = {
        "title": _("Lists and answers compared"),
        "operators": Operator.objects.order_by("name"),
        "operator": operator,
    }
    if operator is not None:
        now = timezone.now()
        series = queries.main_series(operator)
        found = queries.reconcile(operator, at=now, series=series)
        wanted = request.GET.get("selisih", "")
        context |= {
            "found": found,
            "alarming": found is not None and found.alarming(now),
            "differences": named_differences(found) if found else [],
            "rejected": rejected_reports(found) if found else [],
            "wanted": wanted,
            "numbers": [
                {"digits": one.digits, "answer": answer_label(one.answer), "since": one.since}
                for one in _differing(operator, wanted, at=now, series=series)
            ],
        }
    return render_staff_page(request, "staff/reconciliation.html", context)


def _differing(
    operator: Operator, difference: str, *, at: dt.datetime, series: ListSeries
) -> list[queries.DifferingNumber]:
    if difference not in queries.DIFFERENCES:
        return []
    return queries.differing(operator, difference, at=at, series=series, limit=SHOWN)
