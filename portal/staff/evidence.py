"""Evidence files for those who may see the case: clean derivatives only, never run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.http import FileResponse, Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from aduan.accounts.roles import Permission
from aduan.cases.models import Case
from aduan.cases.services import record_view
from aduan.complaints import evidence_queries as queries
from aduan.complaints.evidence.storage import evidence_storage
from portal.staff.rendering import render_staff_page, staff_user
from portal.staff.site import staff_page

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponseBase
    from django_stubs_ext import StrOrPromise

    from aduan.complaints.evidence_queries import EvidenceFile

PARTS = ("clean", "thumbnail")
_TEXT_SHOWN: Final = 200_000  # characters
# Code of a medium → what one such file is called, numbered within its case.
FILE_LABELS: Final[dict[str, StrOrPromise]] = {
    "image": _("picture %(number)d"),
    "sound": _("recording %(number)d"),
    "video": _("video %(number)d"),
    "pdf": _("PDF %(number)d"),
    "text": _("text %(number)d"),
}


def file_label(file: EvidenceFile) -> str:
    return str(FILE_LABELS[file.medium]) % {"number": file.number}


@staff_page("perkara/<int:pk>/bukti/<uuid:uid>/", name="evidence_view", permission=Permission.VIEW_CASES)
@require_safe
def evidence_view(request: HttpRequest, pk: int, uid: UUID) -> HttpResponseBase:
    """One file with its pages, scenes, sound or text: what the gallery cannot show in one picture."""
    case = Case.objects.filter(pk=pk).first()
    view = queries.evidence_view(case, str(uid)) if case else None
    if case is None or view is None:
        raise Http404
    record_view(case, by=staff_user(request), at=timezone.now(), evidence_uid=uid)
    text = _text(case, uid) if view.file.medium == "text" else ""
    label = file_label(view.file)
    context = {
        "title": label[:1].upper() + label[1:],
        "case_id": pk,
        "reference": case.reference,
        "view": view,
        "file": view.file,
        "text": text[:_TEXT_SHOWN],
        "text_cut": len(text) > _TEXT_SHOWN,
    }
    return render_staff_page(request, "staff/evidence_view.html", context)


@staff_page(
    "perkara/<int:pk>/bukti/<uuid:uid>/<slug:part>/", name="evidence", permission=Permission.VIEW_CASES
)
@require_safe
def evidence(request: HttpRequest, pk: int, uid: UUID, part: str) -> HttpResponseBase:
    if part not in PARTS:
        raise Http404
    found = queries.clean_file(Case(pk=pk), str(uid), thumbnail=part == "thumbnail")
    if found and part == "clean":  # a thumbnail is part of the case page
        record_view(Case(pk=pk), by=staff_user(request), at=timezone.now(), evidence_uid=uid)
    return _answer(found)


@staff_page(
    "perkara/<int:pk>/bukti/<uuid:uid>/bagian/<int:position>/",
    name="evidence_part",
    permission=Permission.VIEW_CASES,
)
@require_safe
def evidence_part(request: HttpRequest, pk: int, uid: UUID, position: int) -> HttpResponseBase:
    found = queries.part_file(Case(pk=pk), str(uid), position)
    if found:
        record_view(Case(pk=pk), by=staff_user(request), at=timezone.now(), evidence_uid=uid)
    return _answer(found)


def _answer(found: tuple[str, str, str] | None) -> HttpResponseBase:
    """As an attachment, which a picture or a player on our own page shows all the same."""
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


def _text(case: Case, uid: UUID) -> str:
    found = queries.clean_file(case, str(uid))
    if found is None:
        return ""
    with evidence_storage().open(found[0]) as stored:
        return bytes(stored.read()).decode()
