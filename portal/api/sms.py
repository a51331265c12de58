"""Where an SMS gateway reports what became of a message it took.

POST /api/sms/ with {"reference": "<as sent>", "status": "delivered" | "failed"} and the header
X-Signature: hexadecimal HMAC-SHA256 of the body under settings.SMS_CALLBACK_SECRET. 204 when it was
understood, 404 for a message that was not sent, 403 for a wrong signature.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from aduan.notifications import services
from portal.common.problems import problem
from portal.common.strict_json import read_json

if TYPE_CHECKING:
    from django.http import HttpRequest

LARGEST: Final = 10_000  # bytes
STATUSES: Final = ("delivered", "failed")


@csrf_exempt
@require_POST
def sms_outcome(request: HttpRequest) -> HttpResponse:
    body = request.read(LARGEST + 1)
    if not _is_signed(body, request.headers.get("X-Signature", "")):
        return problem(403, "signature_wrong", _("The signature does not fit the body."))
    try:
        report = read_json(body)
        reference, status = str(report["reference"]), report["status"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return problem(400, "report_unreadable", _("The body must be JSON with reference and status."))
    if status not in STATUSES:
        return problem(400, "status_unknown", _("The status must be delivered or failed."))
    if not services.note_delivery(reference, delivered=status == "delivered"):
        return problem(404, "message_unknown", _("No message with this reference was sent."))
    return HttpResponse(status=204)


def _is_signed(body: bytes, signature: str) -> bool:
    secret = settings.SMS_CALLBACK_SECRET
    if not secret or len(body) > LARGEST:
        return False
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.lower().encode())
