"""Evidence files for those who may see the case: clean derivatives only, never inline, never run."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.cases.models import Case
from aduan.complaints import queries
from aduan.complaints.evidence.storage import evidence_storage
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase

PARTS = ("clean", "thumbnail")


@staff_page(
    "perkara/<int:pk>/bukti/<uuid:uid>/<slug:part>/", name="evidence", permission=Permission.VIEW_CASES
)
@require_safe
def evidence(request: HttpRequest, pk: int, uid: UUID, part: str) -> HttpResponseBase:
    if part not in PARTS:
        raise Http404
    found = queries.clean_file(Case(pk=pk), str(uid), thumbnail=part == "thumbnail")
    if found is None:
        raise Http404
    name, mime, shown = found
    answer = FileResponse(evidence_storage().open(name))
    answer["Content-Type"] = mime
    answer["Content-Disposition"] = f'attachment; filename="{shown}"'
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    return answer
