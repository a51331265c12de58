"""Access keys of the own organisation: made, replaced, revoked. A key's text is shown on one page, once."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from aduan.blocklists import queries
from aduan.core.errors import DomainError
from aduan.operators import access_keys as key_services
from aduan.operators.actors import Actor
from aduan.operators.models import AccessKey, Operator
from portal.common.forms import add_form_error
from portal.common.signin import step_up
from portal.operators.base import operator_page, render_page
from portal.operators.forms import KeyForm, PlatformKeyForm, RotateForm


@operator_page(managers=True)
def keys(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    now = timezone.now()
    found = key_services.keys_of(actor.operator, at=now)
    return render_page(request, actor, "keys", {"keys": found, "now": now, "trust": queries.trust()})


@operator_page("GET", "HEAD", "POST", managers=True)
@step_up
def create_key(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    kind = PlatformKeyForm if actor.operator.kind == Operator.Kind.OTT else KeyForm
    form = kind(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            key, text = key_services.create_key(
                actor.operator, by=actor, at=timezone.now(), **form.service_arguments()
            )
        except DomainError as error:
            add_form_error(form, error)
        else:
            return render_page(request, actor, "key_once", {"key": key, "secret": text})
    return render_page(request, actor, "key_new", {"form": form}, status=400 if form.errors else 200)


@operator_page("GET", "HEAD", "POST", managers=True)
@step_up
def rotate_key(request: HttpRequest, actor: Actor, prefix: str) -> HttpResponseBase:
    key = _own_key(actor, prefix)
    form = RotateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        overlap = dt.timedelta(days=form.cleaned_data["overlap"])
        try:
            fresh, text = key_services.rotate_key(key, by=actor, overlap=overlap, at=timezone.now())
        except DomainError as error:
            add_form_error(form, error)
        else:
            key.refresh_from_db()
            return render_page(request, actor, "key_once", {"key": fresh, "secret": text, "old": key})
    return render_page(
        request, actor, "key_rotate", {"form": form, "key": key}, status=400 if form.errors else 200
    )


@operator_page("GET", "HEAD", "POST", managers=True)
@step_up
def revoke_key(request: HttpRequest, actor: Actor, prefix: str) -> HttpResponseBase:
    key = _own_key(actor, prefix)
    if request.method == "POST":
        key_services.revoke_key(key, by=actor, at=timezone.now())
        messages.success(request, _("The key is revoked. It opens nothing from now on."))
        return redirect("operators:keys")
    return render_page(request, actor, "key_revoke", {"key": key})


def _own_key(actor: Actor, prefix: str) -> AccessKey:
    return get_object_or_404(AccessKey, operator=actor.operator, prefix=prefix, revoked_at=None)
