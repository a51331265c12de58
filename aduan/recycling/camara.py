"""A client for CAMARA Number Recycling: `POST /check` says whether a number changed hands since a day.

The specification: https://github.com/camaraproject/NumberRecycling. Access by OAuth 2 client credentials.
Whatever is slow, strange or broken is `Unanswered`, never an answer.
"""

from __future__ import annotations

import base64
import contextlib
import datetime as dt
import http.client
import json
import re
import socket
import threading
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlencode, urlsplit

from aduan import environment

STEP_SECONDS: Final = 5.0  # a connection, a read
EXCHANGE_SECONDS: Final = 8.0  # one request, however its answer trickles
_LONGEST_BODY: Final = 4096
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/-]+=*")  # RFC 6750; anything else is no part of a header
_LONGEST_TOKEN_SECONDS: Final = 86_400
_UNAUTHORIZED, _UNSUPPORTED = 401, 422


class Unanswered(Exception):
    """Nothing is known; `code` says why in one stable word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NumberRecycling(Protocol):
    """What an operator's interface can be asked."""

    def has_changed(self, digits: int, *, since: dt.date) -> bool:
        """Whether the number was given to another holder after this day. Raises Unanswered."""


class CamaraNumberRecycling:
    """One operator's interface. `options`: url, token_url, client_id, and secret or secret_file."""

    def __init__(self, options: Mapping[str, str]) -> None:
        self._options = options
        self._token, self._token_ends = "", 0.0

    def has_changed(self, digits: int, *, since: dt.date) -> bool:
        asked = {"phoneNumber": f"+{digits}", "specifiedDate": since.isoformat()}
        status, body = self._ask(asked)
        if status == _UNAUTHORIZED:  # the token was withdrawn before its time: once more with a new one
            self._token = ""
            status, body = self._ask(asked)
        if status == _UNSUPPORTED:
            raise Unanswered("not_supported")
        if status != http.client.OK:
            raise Unanswered(f"status_{status}")
        changed = body.get("phoneNumChanged")
        if not isinstance(changed, bool):
            raise Unanswered("unreadable")
        return changed

    def _ask(self, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        headers = {
            "Authorization": f"Bearer {self._access_token()}",
            "Content-Type": "application/json",
            "x-correlator": str(uuid.uuid4()),
        }
        return _post(self._options["url"].rstrip("/") + "/check", json.dumps(asked).encode(), headers)

    def _access_token(self) -> str:
        if self._token and time.monotonic() < self._token_ends:
            return self._token
        pair = f"{self._options['client_id']}:{self._secret()}".encode()
        headers = {
            "Authorization": f"Basic {base64.b64encode(pair).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        form = urlencode({"grant_type": "client_credentials", "scope": "number-recycling:check"}).encode()
        status, body = _post(self._options["token_url"], form, headers)
        token, lasts = body.get("access_token"), body.get("expires_in", 60)
        if status != http.client.OK or not isinstance(token, str) or not isinstance(lasts, int):
            raise Unanswered("no_token")
        if not _TOKEN.fullmatch(token):
            raise Unanswered("no_token")
        seconds = max(min(lasts, _LONGEST_TOKEN_SECONDS) - 10, 0)
        self._token, self._token_ends = token, time.monotonic() + seconds
        return token

    def _secret(self) -> str:
        if path := self._options.get("secret_file"):
            try:
                return Path(path).read_text(encoding="utf-8").strip()
            except (OSError, ValueError) as error:
                raise Unanswered("no_secret") from error
        return self._options["secret"]


def _post(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """Status and JSON object; over TLS, or to this very machine. Raises Unanswered."""
    target = urlsplit(url)
    if target.scheme == "https":
        line: http.client.HTTPConnection = http.client.HTTPSConnection(
            target.hostname or "", target.port, timeout=STEP_SECONDS
        )
    elif target.scheme == "http" and environment.is_loopback(target.hostname or ""):
        line = http.client.HTTPConnection(target.hostname or "", target.port, timeout=STEP_SECONDS)
    else:
        raise Unanswered("not_https")
    expiry = threading.Timer(EXCHANGE_SECONDS, _cut, [line])
    expiry.daemon = True
    expiry.start()
    try:
        line.request("POST", target.path or "/", body, headers)
        answer = line.getresponse()
        content = answer.read(_LONGEST_BODY)
    except TimeoutError as error:
        raise Unanswered("timeout") from error
    except (OSError, http.client.HTTPException) as error:
        raise Unanswered("unreachable") from error
    finally:
        expiry.cancel()
        line.close()
    return answer.status, _as_object(content)


def _cut(line: http.client.HTTPConnection) -> None:
    with contextlib.suppress(OSError, AttributeError):
        line.sock.shutdown(socket.SHUT_RDWR)


def _as_object(content: bytes) -> dict[str, Any]:
    try:
        read = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}
