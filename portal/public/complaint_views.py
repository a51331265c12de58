"""The complaint form: one page, checked and sent. With scripts the same addresses answer in JSON."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from aduan.complaints import evidence, suggestions
from aduan.complaints.services import StoreAway, file_together
from aduan.complaints.services.validation import validate
from aduan.complaints.timeline import promised_if_sent
from aduan.core.contacts import mailbox_of
from aduan.core.errors import DomainError
from portal.common.client_address import client_network
from portal.common.errors import without_token
from portal.common.kept_pages import keep_page
from portal.common.outages import RETRY_AFTER_SECONDS
from portal.public import languages, offers, proof_of_work, rate_limits, staging, staging_limits
from portal.public.client_identity import client_identity, device_id, set_device_cookie
from portal.public.csrf import is_same_origin, same_origin_only
from portal.public.forms import ComplaintForm
from portal.public.number_display import NumberDisplay, describe_number
from portal.public.summary import Row, rows_of

if TYPE_CHECKING:
    from aduan.complaints.types import Hint


@dataclass(frozen=True, slots=True)
class Checked:
    """What the last step shows before sending."""

    number: NumberDisplay
    rows: list[Row]
    hints: list[tuple[str, Hint]]  # with the id of the field it is about
    promised_at: dt.datetime | None  # if it is sent now


def _with_new_token(request: HttpRequest) -> HttpResponse | None:
    """The cookie ended while the form was open: the same form with a token of today, and nothing is lost."""
    if not is_same_origin(request):
        return None
    if _wants_json(request):
        return JsonResponse({"token": get_token(request)}, status=403)
    form = ComplaintForm(offers.with_taken(_with_choice(request.POST)))
    form.only_errors("")
    if away := _store_away(request):
        return _later(request, form, away)
    kept, refusals = _keep_more(request)
    for refusal in refusals:
        form.refuse(refusal)
    words = _("The page was open for very long, or your browser refuses cookies. All is still here: go on.")
    form.add_error(None, words)
    return _again(request, form, kept, status=403)


@without_token(_with_new_token)
@transaction.non_atomic_requests  # filing has a transaction of its own; what only reads needs none
@require_http_methods(["GET", "HEAD", "POST"])
@languages.switching
def report(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        response = form_page(request, ComplaintForm.fresh(request.GET.get("nomor", "")), [])
        response["Cache-Control"] = "private, no-cache"  # not no-store: Back must find what was typed
        set_device_cookie(request, response)
        return keep_page(response, fresh={"key": _new_key}, finish=set_device_cookie)
    form = ComplaintForm(offers.with_taken(_with_choice(request.POST)))
    valid = form.is_valid()
    if away := _store_away(request):
        return _later(request, form, away)
    kept, refusals = _keep_more(request)
    for refusal in refusals:
        form.refuse(refusal)
    if request.POST.get("action") in {"read", "read_again"} or languages.is_switch(request):
        return _offer(request, form, kept, refusals)
    if not valid or refusals:
        return _again(request, form, kept)
    if request.POST.get("action") == "send":
        return _send(request, form, kept)
    return _check(request, form, kept)


def _new_key(_request: HttpRequest) -> str:
    return str(uuid.uuid4())


def _offer(
    request: HttpRequest, form: ComplaintForm, kept: list[staging.Kept], refusals: list[DomainError]
) -> HttpResponse:
    """Without scripts: the pictures were sent, and the page shows what was read on them so far."""
    kinds = [refusal for refusal in refusals if refusal.details.get("field") == "evidence"]
    form.only_errors("evidence" if kinds else "")
    found, waiting = offers.found_in(kept), offers.is_waiting(kept)
    if request.POST.get("action") == "read_again":
        waiting = offers.read_again(kept) or waiting
    unread = bool(kept) and not found.cards
    return form_page(request, form, kept, found=found.not_in(form.data), waiting=waiting, unread=unread)


def _with_choice(data: QueryDict) -> QueryDict:
    """A number picked from those we offered stands in the field from then on."""
    if chosen := data.get("chosen", ""):
        data = data.copy()
        if data.get("typed_for") != data.get("number"):
            data["typed"] = data.get("number", "")
        data["typed_for"] = data["number"] = chosen
    return data


def _store_away(request: HttpRequest) -> StoreAway | None:
    """While the store is away nothing is known of the files of this form: neither taken nor gone."""
    wanted = set(request.POST.getlist("staged")) - set(request.POST.getlist("drop"))
    return staging.store_away() if wanted or request.FILES else None


def _later(request: HttpRequest, form: ComplaintForm, away: StoreAway) -> HttpResponse:
    """The form as it was typed, with the files that were received before, to be sent again."""
    form.refuse(away)
    response = _again(
        request, form, staging.files_named(request.POST.getlist("staged")), away.status, store_answers=False
    )
    response["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _keep_more(request: HttpRequest) -> tuple[list[staging.Kept], list[DomainError]]:
    """Files that came with the form itself join those that were kept before, but for the dropped ones.

    One that is refused costs none of the others.
    """
    files = [file for file in request.FILES.getlist("evidence") if isinstance(file, UploadedFile)]
    if not files and "staged" not in request.POST:
        return [], []
    dropped = set(request.POST.getlist("drop"))
    kept = [file for file in staging.recall(request.POST.getlist("staged")) if file.token not in dropped]
    more, refusals = staging.stage(
        files, sender=staging_limits.sender_of(request), at_most=evidence.MAX_FILES - len(kept)
    )
    if gone := staging.gone(set(request.POST.getlist("staged")) - dropped):
        refusals.append(gone)
    return kept + more, refusals


def _check(request: HttpRequest, form: ComplaintForm, kept: list[staging.Kept]) -> HttpResponse:
    now = timezone.now()
    try:
        report = validate(form.report(get_language() or "id"), at=now)
    except DomainError as error:
        form.refuse(error)
        return _again(request, form, kept)
    hints = suggestions.improvement_hints(report, staging.uploads_of(kept))
    targets = [(f"id_{form.name_of(hint.field)}", hint) for hint in hints]
    promised_at = promised_if_sent(report, files=len(kept), at=now)
    checked = Checked(describe_number(report.number), rows_of(form), targets, promised_at)
    if _wants_json(request):
        context = {"form": form, "kept": kept, "checked": checked}
        return JsonResponse({"html": render_to_string("public/parts/checked.html", context, request)})
    return form_page(request, form, kept, checked=checked)


def _send(request: HttpRequest, form: ComplaintForm, kept: list[staging.Kept]) -> HttpResponse:
    if wait := _minutes_to_wait(request, form):
        return _slower(request, form, kept, wait)
    try:
        done = file_together(
            form.report(get_language() or "id"),
            also=form.also,
            evidence=staging.uploads_of(kept),
            sender=client_identity(request),
            idempotency_key=form.cleaned_data["key"],
            at=timezone.now(),
        )
    except DomainError as error:
        form.refuse(error)
        if error.code == "form_used":
            form.begin_another()
        return _again(request, form, kept, status=error.status)
    address = reverse("public:receipt_link", args=[done.receipt.ticket, done.receipt.secret])
    if _wants_json(request):
        shown = reverse("public:receipt", args=[done.receipt.ticket])  # without the code, for the history
        return JsonResponse({"location": address, "receipt": shown}, status=201)
    return redirect(address)


def _minutes_to_wait(request: HttpRequest, form: ComplaintForm) -> int:
    data = form.cleaned_data
    asked = [
        (rate_limits.SEND_DEVICE, device_id(request)),
        (rate_limits.SEND_CONTACT, mailbox_of(data["contact_email"]) if data["contact_email"] else ""),
        (rate_limits.SEND_CONTACT, data["contact_phone"]),
    ]
    if not proof_of_work.is_proven(data["altcha"]):
        asked.append((rate_limits.SEND_WITHOUT_PROOF, client_network(request)))
    # A complaint about ten numbers costs what ten complaints cost.
    return rate_limits.minutes_to_wait(*asked, amount=1 + len(form.also))


def _again(
    request: HttpRequest,
    form: ComplaintForm,
    kept: list[staging.Kept],
    status: int = 400,
    *,
    store_answers: bool = True,
) -> HttpResponse:
    if _wants_json(request):
        errors = {name: [str(text) for text in texts] for name, texts in form.errors.items()}
        offered = [{"value": one.display, "shown": one.display} for one in form.offered]
        answer = {"errors": errors, "offered": offered, "key": str(form["key"].value() or "")}
        return JsonResponse(answer, status=status)
    # What was read on the pictures lies beside them.
    found = offers.found_in(kept).not_in(form.data) if store_answers else None
    return form_page(request, form, kept, status=status, found=found)


def _slower(request: HttpRequest, form: ComplaintForm, kept: list[staging.Kept], wait: int) -> HttpResponse:
    words = _(
        "Many complaints came from this connection. Please send again in %(wait)s minutes; all is kept."
    )
    form.add_error(None, words % {"wait": wait})
    response = _again(request, form, kept, status=429)
    response["Retry-After"] = str(wait * 60)
    return response


def form_page(
    request: HttpRequest, form: ComplaintForm, kept: list[staging.Kept], *, status: int = 200, **more: Any
) -> HttpResponse:
    """The page of the form, with the files that are here already."""
    context = {"form": form, "kept": kept, "today": timezone.localdate(), "language_form": "report", **more}
    return render(request, "public/report.html", context, status=status)


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "").startswith("application/json")


# Photos that came at the same moment are sealed one after the other, so that pages are answered meanwhile.
_one_at_a_time: Final = threading.Lock()


@transaction.non_atomic_requests
@same_origin_only
@require_POST
def upload_evidence(request: HttpRequest) -> HttpResponse:
    """One file, sent while the rest of the form is still being filled in."""
    files = [file for file in request.FILES.getlist("file") if isinstance(file, UploadedFile)][:1]
    with _one_at_a_time:  # after the body has arrived: a slow line holds up no other request
        kept, refusals = staging.stage(files, sender=staging_limits.sender_of(request))
    for refusal in refusals:
        return JsonResponse({"error": str(refusal.message)}, status=refusal.status)
    if not kept:
        return JsonResponse({"error": _("The file did not arrive. Please choose it again.")}, status=400)
    (file,) = kept
    return JsonResponse({"token": file.token, "name": file.name, "size": file.size}, status=201)
