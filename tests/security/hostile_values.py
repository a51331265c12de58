"""What no page would send, and what an answer to it must not be."""

from __future__ import annotations

import re

from django.http import HttpResponseBase

Sent = list[tuple[str, str | bytes]]
SCRIPT = "<script>alert(1)</script>"
VALUES: dict[str, str | bytes] = {
    "long": "panjang " * 12_500,
    "digits": "9" * 4_400,
    "control": "a\x01\x08\x1b[31m\x7f\x85b",
    "nul": "a\x00b",
    "surrogate": b"a\xed\xa0\x80b",
    "no text": b"\xff\xfe\xc3(",
    "bidi": "\u202e\u2066gnalu\u2069\ufeff",
    "sql": "'; DROP TABLE cases_case; --",
    "html": f'"><img src=x onerror=alert(1)>{SCRIPT}{{{{7*7}}}}',
    "empty": "",
    "spaces": " \t\u3000\u00a0",
    "negative": "-1",
    "huge": "9223372036854775808",
    "other": "999999",
    "fraction": "1e309",
    "not a number": "NaN",
    "superscript": "²",
    "arabic": "٣",
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "no day": "2026-02-30",
    "moment": "9999-12-31T23:59:59.999999-14:00",
    "no moment": "0001-01-01T00:00:00+14:00",
    "json": '{"a": [null, 1e400]}',
    "uuid": "00000000-0000-0000-0000-000000000000",
    "address": "javascript://[::1]:99999999/\\..%00",
    "surname": "\u0130\u0131\ufdfa" * 40,
}
READ_BY_A_SCRIPT = ("/hadir/", "/draf/")  # no person sees the answer


def fault_in(answer: HttpResponseBase, address: str) -> str:
    """What is wrong with an answer to hostile values; empty when nothing is."""
    text = "" if answer.streaming else getattr(answer, "content", b"").decode(errors="replace")
    if answer.status_code >= 500 or answer.status_code == 429:
        raised = getattr(answer, "exc_info", None)
        return f"{answer.status_code} {raised[1] if raised else ''}"
    if (
        answer.status_code >= 400
        and not address.endswith(READ_BY_A_SCRIPT)
        and not re.search(r"<p[ >]|role=.alert|\"detail\"", text)
    ):
        return f"{answer.status_code} without a sentence"
    return "echoed as it came" if SCRIPT in text else ""
