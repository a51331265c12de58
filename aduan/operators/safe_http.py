"""Posting to an address that an operator chose: only to public hosts, only over TLS, never redirected.

The name is resolved once, every address it has must be public, and the connection goes to exactly that
address: a name that changes its mind between the check and the connection gains nothing. `loopback` opens
the one exception, plain HTTP to 127.0.0.0/8 and ::1, for a developer's machine and the tests.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit

from django.utils.translation import gettext_lazy as _

from aduan.core.errors import Invalid

TIMEOUT: Final = 10.0  # seconds for one step: a connection, a read
DEADLINE: Final = 12.0  # seconds for the whole exchange once the name is resolved, however it trickles
NAME_TIMEOUT: Final = 3.0  # seconds for the name server
LONGEST_ANSWER: Final = 4096
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


class Unreachable(Exception):
    """Nothing was taken; `code` says why in one stable word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Target:
    """An address that passed the check, and the one IP that the connection will use."""

    scheme: str
    host: str
    port: int
    path: str
    ip: str


def check_url(url: str, *, loopback: bool = False) -> SplitResult:
    """What can be said without asking a name server. Raises Invalid with the reason for a person."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise Invalid("url_unreadable", _("This is not a web address.")) from error
    if parts.scheme != "https" and not (loopback and parts.scheme == "http"):
        raise Invalid("url_not_https", _("The address must begin with https://."))
    if not parts.hostname or parts.username or parts.password or parts.fragment or not url.isascii():
        raise Invalid("url_unreadable", _("Give host and path only: no user name, no password, no #."))
    if len(url) > 500 or any(character <= " " for character in url):
        raise Invalid("url_unreadable", _("The address is too long or holds a space."))
    if port is not None and port != 443 and port < 1024:
        raise Invalid("url_port", _("Use port 443 or one above 1023."))
    literal = _literal(parts.hostname)
    if literal is not None and not allowed(literal, loopback=loopback):
        raise Invalid("url_private", _("The address must be reachable from the internet."))
    if parts.scheme == "http" and (literal is None or not _plain(literal).is_loopback):
        raise Invalid("url_not_https", _("The address must begin with https://."))
    return parts


def allowed(ip: ipaddress.IPv4Address | ipaddress.IPv6Address, *, loopback: bool) -> bool:
    """Whether we would connect: public unicast only, IPv4 addresses mapped into IPv6 included."""
    plain = _plain(ip)
    if plain.is_loopback:
        return loopback
    if isinstance(plain, ipaddress.IPv6Address) and (plain in _NAT64 or plain.sixtofour or plain.teredo):
        return False
    return plain.is_global and not plain.is_multicast and not plain.is_reserved


def resolve(url: str, *, loopback: bool = False) -> Target:
    """Ask the name server. Raises Invalid for a forbidden address, Unreachable when the name has none."""
    parts = check_url(url, loopback=loopback)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = _addresses(host, port)
    ips = [str(entry[4][0]).partition("%")[0] for entry in found]
    if not ips or not all(allowed(ipaddress.ip_address(ip), loopback=loopback) for ip in ips):
        raise Invalid("url_private", _("The address must be reachable from the internet."))
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port, path, ips[0])


def _addresses(host: str, port: int) -> list[Any]:
    """What the name server says. It has no deadline of its own, so it is asked in a thread of its own."""
    found: list[Any] = []

    def ask() -> None:
        with contextlib.suppress(OSError, UnicodeError):
            found.extend(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(NAME_TIMEOUT)
    if asking.is_alive():
        raise Unreachable("timeout")
    if not found:
        raise Unreachable("name_unknown")
    return found


def post_pinned(url: str, body: bytes, headers: dict[str, str], *, loopback: bool = False) -> int:
    """POST to the address that was checked and return the status.

    Raises Unreachable when no response comes within DEADLINE, Invalid as `resolve` does.
    """
    target = resolve(url, loopback=loopback)
    connection = _connection(target)
    expiry = threading.Timer(DEADLINE, connection.expire)
    expiry.daemon = True
    expiry.start()
    try:
        connection.request("POST", target.path, body=body, headers=headers)
        answer = connection.getresponse()
        answer.read(LONGEST_ANSWER)
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(_reason(error, expired=connection.expired)) from error
    finally:
        expiry.cancel()
        connection.close()
    if connection.expired:
        raise Unreachable("timeout")
    return answer.status


def _reason(error: Exception, *, expired: bool) -> str:
    if expired or isinstance(error, TimeoutError):
        return "timeout"
    return "tls" if isinstance(error, ssl.SSLError) else "connection"


class _Pinned(http.client.HTTPConnection):
    """Connects to the checked IP, whatever the name says by now."""

    def __init__(self, target: Target) -> None:
        super().__init__(target.host, target.port, timeout=TIMEOUT)
        self._target = target
        self.expired = False

    def connect(self) -> None:
        self.sock = socket.create_connection((self._target.ip, self._target.port), TIMEOUT)
        if self._target.scheme == "https":
            context = ssl.create_default_context()
            secured = context.wrap_socket(
                self.sock, server_hostname=self._target.host, do_handshake_on_connect=False
            )
            self.sock = secured  # known to expire() before the peer may keep us waiting
            secured.do_handshake()
        if self.expired:
            raise TimeoutError

    def expire(self) -> None:
        """Ends the exchange from another thread: the thread that reads or writes meets a closed line."""
        self.expired = True
        with contextlib.suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)


def _connection(target: Target) -> _Pinned:
    connection = _Pinned(target)
    if target.scheme == "https" and target.port == 443:
        connection.default_port = 443  # the Host header then carries no port
    return connection


def _literal(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _plain(
    ip: ipaddress.IPv4Address | ipaddress.IPv6Address,
) -> ipaddress.IPv4Address | ipaddress.IPv6Address:
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return mapped or ip
