"""The holder of a blocked number objects: a form, proof that the number is theirs, and the answer.

Whether a block is published is all that the form gives away, as the number check does.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from aduan.appeals import queries, services
from aduan.appeals.models import Objection
from aduan.blocklists.queries import published_block, published_hold
from aduan.complaints.evidence_queries import files_of_objections
from aduan.core.errors import DomainError, WrongState
from aduan.numbers.kinds import NumberKind
from aduan.numbers.parsing import Parsed, format_number
from portal.common.client_address import client_address
from portal.common.kept_pages import keep_page
from portal.public import languages, rate_limits, secret_links
from portal.public.check_form import CheckForm
from portal.public.days import DayField
from portal.public.forms import MAX_CARRIED, CodeForm, code_in
from portal.public.objection_files import WAITING, add_files
from portal.public.objection_steps import objection_steps

_CODE_IS_WRONG = gettext_lazy("This code is wrong or too old. You can ask for a new one, or write to us.")


class ObjectionForm(CheckForm):
    holder_since = DayField(
        label=gettext_lazy("Since when is the number yours?"),
        help_text=gettext_lazy("About is good enough. Numbers are given to new customers after some time."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        input_formats=["%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"],
        error_messages={
            "invalid": gettext_lazy(
                "We did not understand this date. Write for example 23/11/2026, or leave it empty."
            )
        },
    )
    statement = forms.CharField(
        label=gettext_lazy("Why is it wrong?"),
        help_text=gettext_lazy("In your own words. Please send no copy of an identity card."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 4000}),
    )
    email = forms.CharField(
        label=gettext_lazy("Your e-mail, for the answer"),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@languages.switching
def objection_create(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return keep_page(_form_page(request, _carried(request)))
    if languages.is_switch(request):
        return _form_page(request, ObjectionForm(initial=request.POST.dict()))
    if wait := rate_limits.minutes_to_wait_of(request, rate_limits.CREATE_OBJECTION):
        return rate_limits.too_many_requests(request, wait)
    form = ObjectionForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=400)
    now = timezone.now()
    try:
        objection = _submit(form.cleaned_data, now)
    except DomainError as error:
        form.refuse(error)
        return _form_page(request, form, status=error.status)
    add_files(
        request, objection, now
    )  # what is not taken is said on the private page, where more can be added
    address = reverse("public:objection", args=[objection.uid])
    return secret_links.remember(redirect(address), queries.secret_of(objection.uid), scope=address)


def _form_page(request: HttpRequest, form: ObjectionForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "language_form": "objection", "files_gone": bool(request.FILES)}
    return render(request, "public/objection_create.html", context, status=status)


def _carried(request: HttpRequest) -> ObjectionForm:
    """An empty form, with the number that the check page hands over."""
    return ObjectionForm(initial={"number": request.GET.get("nomor", "")[:MAX_CARRIED]})


def _submit(given: dict[str, object], at: dt.datetime) -> Objection:
    parsed: Parsed = given.pop("number")  # type: ignore[assignment]
    if not _is_listed(parsed, at):
        raise WrongState(
            "nothing_to_object",
            _("This number is on no published list of blocks or holds, so there is nothing to object to."),
            field="number",
        )
    return services.file_objection(parsed, **given, language=get_language() or "id", at=at)  # type: ignore[arg-type]


def _is_listed(parsed: Parsed, at: dt.datetime) -> bool:
    """Whether a published list blocks or holds the number. Both are asked, so that both cost the same."""
    if parsed.digits is None:
        return False
    blocked = published_block(parsed.digits, timezone.localdate(at))
    return (blocked or published_hold(parsed.digits, at=at)) is not None


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def objection_link(request: HttpRequest, uid: uuid.UUID, secret: str) -> HttpResponse:
    """The private link of letters."""
    if queries.objection_by_link(uid, secret) is None:
        return _unknown(request)
    return secret_links.open_page(request, reverse("public:objection", args=[uid]), secret)


def _unknown(request: HttpRequest) -> HttpResponse:
    if wait := rate_limits.minutes_to_wait_of(request, rate_limits.LOOKUP):
        return rate_limits.too_many_requests(request, wait)
    return render(request, "404.html", status=404)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def objection(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The private page of one objection."""
    secret = secret_links.secret_in(request)
    if not secret:
        return render(
            request, "public/objection_locked.html", {"contact": settings.CONTACT_EMAIL}, status=403
        )
    found = queries.objection_by_link(uid, secret)
    if found is None:
        return _unknown(request)
    if request.method != "POST":
        return _page(request, found)
    act = _ACTS.get(request.POST.get("action", ""))
    if act is None:
        return _page(request, found, status=400)
    try:
        act(request, found, timezone.now())
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect(request.path)


def _send_code(request: HttpRequest, found: Objection, at: dt.datetime) -> None:
    if services.send_code(found, address=client_address(request), at=at):
        messages.success(request, _("A code is on its way to the number. It is valid for 24 hours."))
    else:
        messages.info(request, _("A code was sent to the number already. It still works: type it below."))


def _prove(request: HttpRequest, found: Objection, at: dt.datetime) -> None:
    typed = code_in(request.POST.get("code", "")[:400].replace("\x00", ""))
    if services.verify_possession(found, code=typed, at=at):
        messages.success(request, _("Thank you. Your objection is being looked at."))
    else:
        messages.error(request, _CODE_IS_WRONG)


def _lift(request: HttpRequest, found: Objection, at: dt.datetime) -> None:
    services.request_lift(found, at=at)
    messages.success(request, _("It is lifted. Your operator gets the list that says so within minutes."))


def _add_files(request: HttpRequest, found: Objection, at: dt.datetime) -> None:
    if found.state not in WAITING:
        raise WrongState("not_open", _("This objection does not wait for an answer."))
    if add_files(request, found, at):
        messages.success(request, _("Thank you. It was added to your objection."))


_ACTS: dict[str, Callable[[HttpRequest, Objection, dt.datetime], None]] = {
    "send_code": _send_code,
    "prove": _prove,
    "lift": _lift,
    "add_files": _add_files,
}


def _page(request: HttpRequest, found: Objection, *, status: int = 200) -> HttpResponse:
    now = timezone.now()
    secret = queries.secret_of(found.uid)
    context = {
        "objection": found,
        "number": format_number(found.number.canonical),
        "steps": objection_steps(found),
        "unproven": found.state == Objection.State.UNPROVEN,
        "by_code": found.takes_code and found.number.kind == NumberKind.MOBILE,
        "code_sent": queries.code_was_sent(found, at=now),
        "code_form": CodeForm(),
        "files": files_of_objections([found.uid])[found.uid],
        "may_add": found.state in WAITING,
        "may_be_lifted": queries.may_be_lifted(found, at=now),
        "contact": settings.CONTACT_EMAIL,
        "link": request.build_absolute_uri(reverse("public:objection_link", args=[found.uid, secret])),
    }
    response = render(request, "public/objection.html", context, status=status)
    return secret_links.remember(response, secret, scope=request.path)
