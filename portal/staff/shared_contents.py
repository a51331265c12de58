"""What a case shares with others: a table, the same as a drawing, and how similar cases were decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import F
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.cases.models import CampaignLink, Case
from aduan.complaints.services import shared_contents
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from aduan.complaints.services.shared_contents import SharedContents

DRAWN: Final = 12
_STEP: Final = 40  # pixels from one box to the next


@dataclass(frozen=True, slots=True)
class Box:
    """One box of the drawing; `lines` are the heights at which its lines end on the other side."""

    label: str
    y: int
    lines: tuple[int, ...] = ()
    case_id: int = 0


@staff_page("perkara/<int:pk>/berbagi/", name="shared_contents", permission=Permission.VIEW_CASES)
@require_safe
def shared(request: HttpRequest, pk: int) -> HttpResponse:
    case = Case.objects.filter(pk=pk).annotate(campaign=F("campaign_link__campaign")).first()
    if case is None:
        raise Http404
    found = shared_contents(pk, viewer=staff_user(request), at=timezone.now())
    keys, others = _boxes(found)
    context = {
        "title": _("What %(case)s shares") % {"case": case.reference},
        "case": case,
        "found": found,
        "campaign_id": case.campaign,
        "kinds": dict(CampaignLink.Kind.choices),
        "keys": keys,
        "others": others,
        "height": _STEP * max(len(keys), len(others), 1),
        "middle": _STEP * max(len(keys), len(others), 1) // 2,
    }
    return render_staff_page(request, "staff/shared_contents.html", context)


def _boxes(found: SharedContents) -> tuple[list[Box], list[Box]]:
    """Keys at the left, the first cases that share one at the right."""
    drawn = [one for one in found.cases if one.keys][:DRAWN]
    height = {one.row.case_id: _STEP * place + _STEP // 2 for place, one in enumerate(drawn)}
    others = [Box(one.row.number_shown, height[one.row.case_id], case_id=one.row.case_id) for one in drawn]
    keys = [
        Box(
            key.text[:24],
            _STEP * place + _STEP // 2,
            tuple(height[other] for other in key.case_ids if other in height),
        )
        for place, key in enumerate(found.keys)
    ]
    return keys, others
