"""What another machine can see of the portal by HTTP alone. Needs neither database nor settings."""

from __future__ import annotations

import datetime as dt
import http.client
import re
import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

PAGES: Final = ("/", "/lapor/", "/cek/")
TIMEOUT: Final = 20.0  # seconds
_EXPORTED: Final = re.compile(r'^aduan_(\w+)(?:\{(?:\w+="([^"]*)")?\})? (\S+)$', re.M)


@dataclass(frozen=True, slots=True)
class Limits:
    """What is still well: seconds for a page, days of a certificate."""

    seconds: float = 5.0
    days: float = 14.0


def is_address(text: str) -> bool:
    """Whether it can be asked by HTTP at all; a name alone looked like a name server that is away."""
    try:
        target = urlsplit(text)
        return target.scheme in ("http", "https") and bool(target.hostname) and target.port != 0
    except ValueError:  # no port
        return False


def faults(site: str, *, limits: Limits, metrics: str = "", trusted: str | None = None) -> Iterator[str]:
    """One sentence a fault; nothing when all is well. `trusted`: a file of certificates to trust instead."""
    context = ssl.create_default_context(cafile=trusted)
    for path in PAGES:
        yield from _page(f"{site}{path}", limits, context)
    if urlsplit(site).scheme == "https":
        yield from _certificate(site, limits, context)
    if metrics:
        yield from _figures(metrics, context)


def _page(url: str, limits: Limits, context: ssl.SSLContext) -> Iterator[str]:
    began = time.monotonic()
    try:
        status, body = _get(url, context)
    except (OSError, http.client.HTTPException) as error:
        yield f"{url}: {type(error).__name__}: {error}"
        return
    seconds = time.monotonic() - began
    if status != 200:
        yield f"{url}: status {status}"
    elif b"Aduan Nomor" not in body:
        yield f"{url}: it is a page, but not the portal's"
    if seconds > limits.seconds:
        yield f"{url}: {seconds:.1f} s"


def _certificate(site: str, limits: Limits, context: ssl.SSLContext) -> Iterator[str]:
    target = urlsplit(site)
    try:
        with (
            socket.create_connection((target.hostname or "", target.port or 443), TIMEOUT) as line,
            context.wrap_socket(line, server_hostname=target.hostname) as secured,
        ):
            expires = ssl.cert_time_to_seconds(str((secured.getpeercert() or {})["notAfter"]))
    except OSError as error:
        yield f"{site}: its certificate: {error}"
        return
    days = (expires - dt.datetime.now(dt.UTC).timestamp()) / 86_400
    if days < limits.days:
        yield f"{site}: its certificate ends in {days:.0f} days"


def _figures(url: str, context: ssl.SSLContext) -> Iterator[str]:
    """The monitor's own: whether it lives, reaches the database, and which incidents are open."""
    try:
        status, body = _get(url, context)
    except (OSError, http.client.HTTPException) as error:
        yield f"{url}: {type(error).__name__}: {error}"
        return
    values = {
        (found[1], found[2] or ""): found[3] for found in _EXPORTED.finditer(body.decode(errors="replace"))
    }
    if status != 200 or ("database_up", "") not in values:
        yield f"{url}: these are not the monitor's figures (status {status})"
    elif float(values["database_up", ""]) != 1:
        yield f"{url}: the database is away"
    for (name, label), value in values.items():
        if name == "incident_open" and float(value) == 1:
            yield f"{url}: an incident is open: {label}"


def _get(url: str, context: ssl.SSLContext) -> tuple[int, bytes]:
    """Follows no redirect: what leads elsewhere is a fault."""
    target = urlsplit(url)
    host, port = target.hostname or "", target.port
    line = (
        http.client.HTTPSConnection(host, port, timeout=TIMEOUT, context=context)
        if target.scheme == "https"
        else http.client.HTTPConnection(host, port, timeout=TIMEOUT)
    )
    try:
        line.request(
            "GET", target.path or "/", headers={"User-Agent": "aduan-watchdog", "Accept-Language": "id"}
        )
        answer = line.getresponse()
        return answer.status, answer.read(4_000_000)
    finally:
        line.close()
