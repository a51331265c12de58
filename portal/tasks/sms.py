"""Gateways for text messages: functions of (number, text, reference) that raise when the text did not leave.

settings.SMS_GATEWAY names one. `reference` is the same for every attempt at one message, so that a gateway
can know a repeated one, and comes back in the gateway's report (portal/api/sms.py).
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import uuid
from typing import Final
from urllib.parse import urlencode, urlsplit

from django.conf import settings

TIMEOUT_SECONDS: Final = 15


def to_file(number: str, text: str, _reference: str) -> None:
    """For the embedded portal: one file a message under ADUAN_HOME/sms, readable by no one else."""
    folder = settings.ADUAN_HOME / "sms"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(folder / f"{uuid.uuid4()}.json", os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        json.dump({"to": number, "text": text}, out, ensure_ascii=False)


def over_http(number: str, text: str, reference: str) -> None:
    """POSTs settings.SMS_BODY, as JSON or as a form (its Content-Type says which), to settings.SMS_URL.

    Raises ConnectionError for any answer but 2xx; a redirect is none. What the gateway says is not repeated:
    it may quote the number.
    """
    values = {"number": number, "text": text, "reference": reference, "secret": settings.SMS_SECRET}
    headers = {name: _filled(value, values) for name, value in settings.SMS_HEADERS.items()}
    fields = {name: _filled(value, values) for name, value in settings.SMS_BODY.items()}
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    body = urlencode(fields) if "form-urlencoded" in kind else json.dumps(fields, ensure_ascii=False)
    target = urlsplit(settings.SMS_URL)
    maker = http.client.HTTPSConnection if target.scheme == "https" else http.client.HTTPConnection
    with contextlib.closing(maker(target.hostname or "", target.port, timeout=TIMEOUT_SECONDS)) as line:
        path = f"{target.path or '/'}{'?' + target.query if target.query else ''}"
        line.request("POST", path, body.encode(), headers)
        status = line.getresponse().status
    if not 200 <= status < 300:
        raise ConnectionError(f"the SMS gateway answered {status}")


def _filled(template: str, values: dict[str, str]) -> str:
    """One pass, so that a text with {secret} in it stays a text."""
    parts = template.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, brace, rest = part.partition("}")
        filled.append(f"{values[name]}{rest}" if brace and name in values else "{" + part)
    return "".join(filled)
