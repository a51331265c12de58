"""Webhooks of the own organisation: addresses, their secret shown once, and deliveries to send again."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from aduan.core.errors import DomainError
from aduan.operators import webhooks as webhook_services
from aduan.operators.actors import Actor
from aduan.operators.models import WebhookAttempt, WebhookDelivery, WebhookEndpoint
from portal.common.forms import add_form_error
from portal.common.signin import step_up
from portal.operators.base import operator_page, render_page
from portal.operators.forms import SecretForm, WebhookForm

ANSWERS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Address:
    """One address as the page shows it, with what it answered last."""

    endpoint: WebhookEndpoint
    waiting: int
    answers: list[WebhookAttempt]
    overlaps: bool


@operator_page(managers=True)
def webhooks(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    now = timezone.now()
    attempts: dict[int, list[WebhookAttempt]] = defaultdict(list)
    for attempt in webhook_services.attempts_of(actor.operator):
        attempts[attempt.endpoint_id].append(attempt)
    waiting = Count("deliveries", filter=Q(deliveries__state=WebhookDelivery.State.WAITING))
    endpoints = WebhookEndpoint.objects.filter(operator=actor.operator, closed_at=None)
    addresses = [
        Address(
            one,
            one.waiting,
            attempts[one.pk][:ANSWERS_SHOWN],
            overlaps=one.old_secret_until is not None and one.old_secret_until > now,
        )
        for one in endpoints.annotate(waiting=waiting)
    ]
    context = {
        "addresses": addresses,
        "closed": webhook_services.closed_endpoints(actor.operator),
        "deliveries": webhook_services.deliveries_of(actor.operator),
        "now": now,
    }
    return render_page(request, actor, "webhooks", context)


@operator_page("GET", "HEAD", "POST", managers=True)
@step_up
def new_webhook(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    form = WebhookForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            endpoint, secret = webhook_services.register(
                actor.operator, by=actor, at=timezone.now(), **form.cleaned_data
            )
        except DomainError as error:
            add_form_error(form, error)
        else:
            return render_page(request, actor, "webhook_once", {"endpoint": endpoint, "secret": secret})
    return render_page(request, actor, "webhook_new", {"form": form}, status=400 if form.errors else 200)


@operator_page("GET", "HEAD", "POST", managers=True)
@step_up
def rotate_secret(request: HttpRequest, actor: Actor, uid: uuid.UUID) -> HttpResponseBase:
    endpoint = _open_endpoint(actor, uid)
    form = SecretForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        overlap = dt.timedelta(days=form.cleaned_data["overlap"])
        try:
            secret = webhook_services.rotate_secret(endpoint, by=actor, overlap=overlap, at=timezone.now())
        except DomainError as error:
            add_form_error(form, error)
        else:
            return render_page(request, actor, "webhook_once", {"endpoint": endpoint, "secret": secret})
    context = {"endpoint": endpoint, "form": form}
    return render_page(request, actor, "webhook_rotate", context, status=400 if form.errors else 200)


@operator_page("GET", "HEAD", "POST", managers=True)
@step_up
def reopen_webhook(request: HttpRequest, actor: Actor, uid: uuid.UUID) -> HttpResponseBase:
    endpoint = get_object_or_404(WebhookEndpoint, operator=actor.operator, uid=uid, closed_at__isnull=False)
    if request.method == "POST":
        try:
            secret = webhook_services.reopen(endpoint, by=actor, at=timezone.now())
        except DomainError as error:
            messages.error(request, str(error.message))
            return redirect("operators:webhooks")
        return render_page(request, actor, "webhook_once", {"endpoint": endpoint, "secret": secret})
    return render_page(request, actor, "webhook_reopen", {"endpoint": endpoint})


@operator_page("POST", managers=True)
def stop_webhook(request: HttpRequest, actor: Actor, uid: uuid.UUID) -> HttpResponseBase:
    webhook_services.stop(_open_endpoint(actor, uid), by=actor, at=timezone.now())
    messages.success(request, _("Paused. Events wait until you resume."))
    return redirect("operators:webhooks")


@operator_page("POST", managers=True)
def resume_webhook(request: HttpRequest, actor: Actor, uid: uuid.UUID) -> HttpResponseBase:
    webhook_services.resume(_open_endpoint(actor, uid), by=actor, at=timezone.now())
    messages.success(request, _("Resumed. What waited is sent now."))
    return redirect("operators:webhooks")


@operator_page("POST", managers=True)
def test_webhook(request: HttpRequest, actor: Actor, uid: uuid.UUID) -> HttpResponseBase:
    try:
        webhook_services.send_test(_open_endpoint(actor, uid), by=actor, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        sent = _("A test is sent within half a minute. Load this page again to see the answer.")
        messages.success(request, sent)
    return redirect("operators:webhooks")


@operator_page("GET", "HEAD", "POST", managers=True)
@step_up
def close_webhook(request: HttpRequest, actor: Actor, uid: uuid.UUID) -> HttpResponseBase:
    endpoint = _open_endpoint(actor, uid)
    if request.method == "POST":
        webhook_services.close(endpoint, by=actor, at=timezone.now())
        messages.success(request, _("Nothing more is sent to this address."))
        return redirect("operators:webhooks")
    return render_page(request, actor, "webhook_close", {"endpoint": endpoint})


@operator_page("POST", managers=True)
def replay(request: HttpRequest, actor: Actor, uid: uuid.UUID) -> HttpResponseBase:
    delivery = get_object_or_404(WebhookDelivery, endpoint__operator=actor.operator, uid=uid)
    try:
        webhook_services.replay(delivery, by=actor, at=timezone.now())
    except DomainError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The event is sent again, with the same id."))
    return redirect("operators:webhooks")


def _open_endpoint(actor: Actor, uid: uuid.UUID) -> WebhookEndpoint:
    return get_object_or_404(WebhookEndpoint, operator=actor.operator, uid=uid, closed_at=None)
