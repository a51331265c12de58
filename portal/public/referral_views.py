"""A platform answers from the link in its mail, without a log-in.

Opening the link changes nothing, as mail scanners open links too. What is sent waits for a person of the
ministry: anyone who has the mail could send it.
"""

from __future__ import annotations

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from aduan.core.errors import DomainError
from aduan.referrals import services
from aduan.referrals.models import Referral
from portal.common.client_address import client_network
from portal.common.forms import add_form_error
from portal.common.platform_answers import PlatformAnswerForm, referral_facts
from portal.public import rate_limits, secret_links


@never_cache
@require_http_methods(["GET", "HEAD"])
def referral_link(request: HttpRequest, uid: uuid.UUID, token: str) -> HttpResponse:
    """The link of the mail."""
    if services.referral_by_link(uid, token) is None:
        return _unknown(request)
    return secret_links.open_page(request, reverse("public:referral", args=[uid]), token)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def referral(request: HttpRequest, uid: uuid.UUID) -> HttpResponse:
    """The page behind the link."""
    found = services.referral_by_link(uid, secret_links.secret_in(request))
    if found is None:
        return _unknown(request)
    form = PlatformAnswerForm(request.POST or None)
    if request.method == "POST":
        if wait := rate_limits.minutes_to_wait((rate_limits.CREATE_OBJECTION, client_network(request))):
            return rate_limits.too_many_requests(request, wait)
        if form.is_valid():
            try:
                services.answer_by_link(found, **form.cleaned_data, at=timezone.now())
            except DomainError as error:
                add_form_error(form, error)
            else:
                return _page(request, found, form=None)
    return _page(request, found, form=form)


def _page(request: HttpRequest, found: Referral, *, form: PlatformAnswerForm | None) -> HttpResponse:
    """With the form, or with thanks."""
    context = {**referral_facts(found), "form": form}
    status = 400 if form is not None and form.errors else 200
    return render(request, "public/referral.html", context, status=status)


def _unknown(request: HttpRequest) -> HttpResponse:
    if wait := rate_limits.minutes_to_wait((rate_limits.LOOKUP, client_network(request))):
        return rate_limits.too_many_requests(request, wait)
    return render(request, "404.html", status=404)
