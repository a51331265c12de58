"""What another app shares with the installed portal: a picture, a text, a link. It is staged, never filed."""

from __future__ import annotations

from typing import Final

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from portal.public import offers, staging, staging_limits
from portal.public.client_identity import set_device_cookie
from portal.public.complaint_views import form_page
from portal.public.csrf import is_same_origin
from portal.public.forms import ComplaintForm

_LONGEST: Final = 4_000
_ACCEPTED: Final = ("image/*", "application/pdf", "video/mp4", "audio/*", "text/plain")


def share_target() -> dict[str, object]:
    """The member of the web manifest that makes the portal appear when a person taps "Share"."""
    return {
        "action": reverse("public:share"),
        "method": "POST",
        "enctype": "multipart/form-data",
        "params": {
            "title": "title",
            "text": "text",
            "url": "url",
            "files": [{"name": "evidence", "accept": list(_ACCEPTED)}],
        },
    }


@never_cache
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest) -> HttpResponse:
    """The form with what was shared: files as if chosen, text as if pasted. Nothing is filled in or filed.

    The system sends it without a token of ours, so what another site sends is refused.
    """
    if request.method != "POST":
        return redirect("public:report")
    if request.headers.get("Sec-Fetch-Site") != "none" and not is_same_origin(request):
        raise PermissionDenied
    files = [file for file in request.FILES.getlist("evidence") if isinstance(file, UploadedFile)]
    kept, refusals = staging.stage(files, sender=staging_limits.sender_of(request))
    parts = [request.POST.get(name, "").strip() for name in ("title", "text", "url")]
    text = "\n".join(dict.fromkeys(filter(None, parts)))[:_LONGEST]
    found = offers.found_in(kept, text)
    response = form_page(
        request,
        ComplaintForm.fresh(),
        kept,
        found=found,
        waiting=offers.is_waiting(kept),
        shared=True,
        shared_text=text,
        not_taken=[str(refusal.message) for refusal in refusals],
    )
    set_device_cookie(request, response)
    return response
