"""One click in a letter ends the letters about one complaint or objection."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from aduan.notifications import services as notifications
from aduan.notifications.queries import is_unsubscribed
from portal.public import secret_links
from portal.public.csrf import same_origin_only


@same_origin_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_link(request: HttpRequest, token: str) -> HttpResponse:
    """Mail programs POST here by themselves (RFC 8058); programs open links too, so a GET only leads on.

    Raises Invalid for a forged token.
    """
    if request.method == "POST":
        return _act(request, token)
    notifications.topic_of(token)
    return secret_links.open_page(request, reverse("public:unsubscribe"), token)


@same_origin_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest) -> HttpResponse:
    """The page behind the link: one button, which can be taken back."""
    token = secret_links.secret_in(request)
    if not token:
        return render(request, "public/unsubscribe.html", {"closed": True}, status=403)
    return _act(request, token)


def _act(request: HttpRequest, token: str) -> HttpResponse:
    if request.method == "POST" and "again" in request.POST:
        notifications.resubscribe(token)
    elif request.method == "POST":
        notifications.unsubscribe(token, at=timezone.now())
    off = is_unsubscribed(notifications.topic_of(token))
    return render(request, "public/unsubscribe.html", {"off": off})
