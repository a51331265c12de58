"""The network address of a client."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest

from aduan.core.networks import subscriber_network


def client_address(request: HttpRequest) -> str:
    """The client's IP address.

    Behind the proxy its X-Real-IP, which the proxy overwrites; otherwise the socket's.

    Empty when it is not known (a Unix socket without a proxy), which no allow-list contains.
    """
    if settings.BEHIND_PROXY:
        return str(request.META.get("HTTP_X_REAL_IP", ""))
    return str(request.META.get("REMOTE_ADDR", ""))


def client_network(request: HttpRequest) -> str:
    """What limits count instead of the address: the IPv4 address or the IPv6 /64 of the client."""
    return subscriber_network(client_address(request))
