"""The network address of a client."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The client's IP address.

    Behind the proxy its X-Real-IP, which the proxy overwrites; otherwise the socket's.

    Empty when it is not known (a Unix socket without a proxy), which no allow-list contains.
    """
    if settings.BEHIND_PROXY:
        return str(request.META.get("HTTP_X_REAL_IP", ""))
    return str(request.META.get("REMOTE_ADDR", ""))
