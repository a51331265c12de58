"""Webhooks of the own organisation: addresses, their secret shown once, and deliveries to send again."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from aduan.core.errors import DomainError
from aduan.operators import webhooks as webhook_services
from aduan.operators.actors import Actor
from aduan.operators.models import WebhookDelivery, WebhookEndpoint
from portal.common.forms import add_form_error
from portal.common.signin import step_up
from portal.operators.base import operator_page, render_page
from portal.operators.forms import WebhookForm


@operator_page(managers=True)
def webhooks(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    endpoints = WebhookEndpoint.objects.filter(operator=actor.operator, closed_at=None)
    context = {"endpoints": list(endpoints), "deliveries": webhook_services.deliveries_of(actor.operator)}
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
def close_webhook(request: HttpRequest, actor: Actor, uid: uuid.UUID) -> HttpResponseBase:
    endpoint = get_object_or_404(WebhookEndpoint, operator=actor.operator, uid=uid, closed_at=None)
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
