"""The complaint form as Sari fills it in."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.factories.files import jpeg

STORY = "Penelepon mengaku dari bank, meminta kode OTP, lalu saldo saya hilang dua juta rupiah."


def filled(**changes: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "key": str(uuid.uuid4()),
        "channel": "whatsapp",
        "category": "PETUGAS_BANK",
        "number": "0812-3456-7890",
        "narrative": STORY,
        "action": "send",
    }
    return {**given, **changes}


def screenshot(name: str = "chat.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(), content_type="image/jpeg")


def send(client: Client, **changes: Any) -> Any:
    return client.post("/lapor/", filled(**changes))


def receipt_of(answer: Any) -> tuple[str, str]:
    """Ticket and secret from the address a sent form leads to."""
    assert answer.status_code == 302, answer.content.decode()[:2000]
    _empty, _lacak, ticket, secret, _page, _end = answer["Location"].split("/")
    return ticket, secret


def opened(client: Client, link: str) -> str:
    """The address that a secret link leads to, which this client may open from now on."""
    answer = client.get(link)
    assert answer.status_code == 302, (link, answer.status_code)
    address: str = answer["Location"]
    return address


def progress_address(client: Client, answer: Any, page: str = "") -> str:
    """The tracking page (or its receipt) of the complaint that a sent form filed, opened by its link."""
    ticket, secret = receipt_of(answer)
    return opened(client, f"/lacak/{ticket}/{secret}/{page}")
