"""The network that an address belongs to, as limits count it."""

from __future__ import annotations

import ipaddress
from typing import Final

_ONE_SUBSCRIBER: Final = 64  # bits: the smallest network that an IPv6 subscriber is given (RFC 6177)


def subscriber_network(address: str) -> str:
    """An IPv4 address as it is, an IPv6 address as its /64; empty for what is no address.

    One IPv6 subscriber holds 2**64 addresses: a limit that counts whole addresses counts nothing.
    An IPv4 address mapped into IPv6 counts as IPv4.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _ONE_SUBSCRIBER), strict=False))
