"""Following a complaint: by ticket and secret, or by the private link that holds both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from aduan.complaints import categories, queries, services, tickets
from aduan.complaints.evidence import acceptance
from aduan.complaints.models import Complaint
from aduan.complaints.types import Channel, ContactWay
from aduan.core.errors import DomainError, Invalid
from aduan.numbers.parsing import format_number
from aduan.teamwork import services as teamwork
from portal.common.kept_pages import keep_page
from portal.public import languages, rate_limits, receipt_files, secret_links, staging
from portal.public.client_identity import client_identity
from portal.public.forms import CodeForm, CompletionForm, PlainForm, TrackForm, code_in
from portal.public.headline import headline_of
from portal.public.money import money_lines
from portal.public.qr_codes import qr_code
from portal.public.timeline_outcomes import with_outcomes

Act = Callable[[HttpRequest, Complaint, dt.datetime], str]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    """Leads to the private page. A wrong ticket and a wrong secret get the same answer."""
    if request.method != "POST":
        return keep_page(render(request, "public/track.html", {"form": TrackForm()}))
    form = TrackForm(request.POST)
    if not form.is_valid():
        return render(request, "public/track.html", {"form": form}, status=400)
    ticket, secret = form.cleaned_data["ticket"], form.cleaned_data["secret"]
    found = queries.complaint_of(ticket, secret)
    if found is None:
        return _unknown(request)
    address = reverse("public:progress", args=[tickets.show(found.ticket)])
    return secret_links.remember(redirect(address), secret, scope=address)


def _unknown(request: HttpRequest) -> HttpResponse:
    if wait := rate_limits.minutes_to_wait_of(request, rate_limits.LOOKUP):
        return rate_limits.too_many_requests(request, wait)
    return render(request, "public/track.html", {"form": TrackForm(), "unknown": True}, status=404)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def progress_link(request: HttpRequest, ticket: str, secret: str) -> HttpResponse:
    """The private link of letters and receipts."""
    return _open(request, ticket, secret, "public:progress")


@never_cache
@require_safe
def receipt_link(request: HttpRequest, ticket: str, secret: str) -> HttpResponse:
    """Where the sent form leads."""
    return _open(request, ticket, secret, "public:receipt")


def _open(request: HttpRequest, ticket: str, secret: str, page: str) -> HttpResponse:
    found = queries.complaint_of(ticket, secret)
    if found is None:
        return _unknown(request)
    shown = tickets.show(found.ticket)
    scope = reverse("public:progress", args=[shown])
    return secret_links.open_page(request, reverse(page, args=[shown]), secret, scope=scope)


def _opened(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Gives a page its complaint and the secret that the link left; without them, asks for both."""

    @wraps(view)
    def opened(request: HttpRequest, ticket: str, **named: str) -> HttpResponse:
        secret = secret_links.secret_in(request)
        if not secret:
            return _locked(request, ticket)
        complaint = queries.complaint_of(ticket, secret)
        if complaint is None:
            return _unknown(request)
        return view(request, complaint, secret, **named)

    return opened


@never_cache
@require_safe
@_opened
def receipt(request: HttpRequest, complaint: Complaint, secret: str) -> HttpResponse:
    """Shown after sending; to print or to keep. It does not name the reported number."""
    now = timezone.now()
    found = queries.progress(complaint, at=now)
    link = _private_link(request, complaint, secret)
    page = request.build_absolute_uri(reverse("public:track"))
    context = {
        "progress": found,
        "steps": with_outcomes(found, at=now),
        "lines": money_lines(),
        "groups": tickets.read_secret(secret).split("-"),
        "link": link,
        "qr": qr_code(link),
        "together": _together(complaint, named=False),
        # What may be passed on: the ticket and where to follow it, never the code.
        "share": _("My complaint %(ticket)s: follow it at %(page)s") % {"ticket": found.ticket, "page": page},
    }
    return _remembered(render(request, "public/receipt.html", context), complaint, secret)


@never_cache
@require_safe
@_opened
def receipt_file(request: HttpRequest, complaint: Complaint, secret: str, kind: str) -> HttpResponse:
    """The receipt to keep among one's pictures or papers."""
    shown = tickets.show(complaint.ticket)
    received = date_format(timezone.localtime(complaint.filed_at), "j F Y, H.i") + " WIB"
    draw, content_type = _RECEIPT_FILES[kind]
    body = draw(
        ticket=shown,
        secret=tickets.read_secret(secret),
        link=_private_link(request, complaint, secret),
        received=received,
        host=f"{request.get_host()}{reverse('public:track')}",
    )
    headers = {"Content-Disposition": f'attachment; filename="{shown}.{kind}"'}
    return HttpResponse(body, content_type=content_type, headers=headers)


_RECEIPT_FILES = {
    "png": (receipt_files.as_png, "image/png"),
    "pdf": (receipt_files.as_pdf, "application/pdf"),
}


def _private_link(request: HttpRequest, complaint: Complaint, secret: str) -> str:
    """Holds the secret as it is read, not as it was typed."""
    names = [tickets.show(complaint.ticket), tickets.read_secret(secret)]
    return request.build_absolute_uri(reverse("public:progress_link", args=names))


def _together(complaint: Complaint, *, named: bool) -> list[dict[str, str]]:
    """The further numbers of the same form: who opened the first may open them. A receipt names none."""
    return [
        {
            "ticket": tickets.show(one.ticket),
            "link": reverse(
                "public:progress_link",
                args=[tickets.show(one.ticket), tickets.secret_for(one.idempotency_key, one.secret_digest)],
            ),
            "number": format_number(one.number.canonical) if named else "",
        }
        for one in queries.filed_together(complaint)
    ]


def _locked(request: HttpRequest, ticket: str) -> HttpResponse:
    """The address without the link's cookie: alike for every ticket, whether there is one or not."""
    form = TrackForm(initial={"ticket": ticket[:40]})
    return render(request, "public/track.html", {"form": form, "locked": True}, status=403)


def _remembered(response: HttpResponse, complaint: Complaint, secret: str) -> HttpResponse:
    scope = reverse("public:progress", args=[tickets.show(complaint.ticket)])
    return secret_links.remember(response, secret, scope=scope)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@languages.switching
@_opened
def progress(request: HttpRequest, complaint: Complaint, secret: str) -> HttpResponse:
    if request.method != "POST":
        return _page(request, complaint, secret)
    if languages.is_switch(request):
        return _page(request, complaint, secret, form=CompletionForm(initial=request.POST.dict()))
    act = _ACTS.get(request.POST.get("action", ""))
    if act is None:
        return _page(request, complaint, secret, status=400)
    try:
        done = act(request, complaint, timezone.now())
    except DomainError as error:
        messages.error(request, str(error.message))
        return _page(request, complaint, secret, form=_typed(request, error), status=error.status)
    if done:
        messages.success(request, done)
    return redirect(request.path)


def _typed(request: HttpRequest, error: DomainError) -> CompletionForm | None:
    """What was typed into the completion comes back with the reason."""
    if request.POST.get("action") != "complete":
        return None
    form = CompletionForm(request.POST)
    form.is_valid()
    form.refuse(error)
    return form


def _page(
    request: HttpRequest,
    complaint: Complaint,
    secret: str,
    *,
    form: PlainForm | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    found = queries.progress(complaint, at=now)
    steps = with_outcomes(found, at=now)
    context = {
        "progress": found,
        "steps": steps,
        "headline": headline_of(steps),
        "number": format_number(found.number),
        "category": categories.in_words(found.category),
        "channel": Channel(found.channel).label,
        "form": form or CompletionForm(),
        "language_form": "completion" if found.may_complete else "",
        "code_form": CodeForm(),
        "together": _together(complaint, named=True),
        "lines": money_lines(),
    }
    response = render(request, "public/progress.html", context, status=status)
    return _remembered(response, complaint, secret)


def _complete(request: HttpRequest, complaint: Complaint, at: dt.datetime) -> str:
    files = [file for file in request.FILES.getlist("evidence") if isinstance(file, UploadedFile)]
    taken, refusals = acceptance.sort_out([staging.upload_of(file) for file in files])
    taken, again = services.without_refused(complaint, taken)
    refusals += again
    text = request.POST.get("text", "")
    if refusals and not taken and not text.strip():
        raise refusals[0]
    services.add_update(complaint, text=text, evidence=taken, at=at)
    for refusal in refusals:
        messages.error(request, str(refusal.message))
    return _("Thank you. It was added to your complaint.")


def _withdraw(request: HttpRequest, complaint: Complaint, at: dt.datetime) -> str:
    services.withdraw(complaint, at=at)
    return _("Your complaint is withdrawn.")


def _still_active(request: HttpRequest, complaint: Complaint, at: dt.datetime) -> str:
    with transaction.atomic():
        services.report_still_active(complaint, at=at)
        teamwork.say_that_it_goes_on(complaint.case_id, at=at)
    return _("Thank you. The reviewers who decided about this number are told.")


def _way(request: HttpRequest) -> ContactWay:
    try:
        return ContactWay(request.POST.get("way", ""))
    except ValueError:
        raise Invalid("way_unknown", _("Please choose e-mail or phone.")) from None


def _send_code(request: HttpRequest, complaint: Complaint, at: dt.datetime) -> str:
    services.send_code(complaint, way=_way(request), sender=client_identity(request), at=at)
    return _("A code is on its way. It is valid for fifteen minutes.")


def _confirm(request: HttpRequest, complaint: Complaint, at: dt.datetime) -> str:
    typed = code_in(request.POST.get("code", "")[:400].replace("\x00", ""))
    if not services.confirm_contact(complaint, way=_way(request), code=typed, at=at):
        messages.error(request, _("This code is wrong or too old. You can ask for a new one."))
        return ""
    return _("Your contact is confirmed. Thank you.")


_ACTS: dict[str, Act] = {
    "complete": _complete,
    "withdraw": _withdraw,
    "still_active": _still_active,
    "send_code": _send_code,
    "confirm": _confirm,
}
