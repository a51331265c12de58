"""Whole complaint forms as HTTP requests, each from a device, a network and a mailbox of its own."""

from __future__ import annotations

import random
import uuid
from urllib.parse import urlencode

from bench.senders import headers_of, post

TOKEN = "abcdefghijklmnopqrstuvwxyz012345"
STORY = (
    "Mengaku dari kurir, minta saya memasang aplikasi untuk melihat resi paket, lalu saldo saya habis. "
    "Nama yang dipakai {who}, katanya dari gudang {where}."
)
SYLLABLES = ("ba", "da", "ka", "la", "ma", "na", "pa", "ra", "sa", "ta", "wi", "yu")


def forms(count: int, *, number: str = "", seed: int = 19) -> list[str]:
    """`count` requests that send a form: about `number`, or about one number each."""
    draw = random.Random(seed)
    return [_post(draw, number or f"0812{draw.randrange(10**8):08}", at) for at in range(count)]


def _post(draw: random.Random, number: str, at: int) -> str:
    story = STORY.format(who=_name(draw), where=_name(draw))
    body = urlencode(
        {
            "csrfmiddlewaretoken": TOKEN,
            "key": str(uuid.UUID(int=draw.getrandbits(128), version=4)),
            "action": "send",
            "channel": "whatsapp",
            "category": "APK",
            "number": number,
            "narrative": story,
            "loss": "1.500.000",
            "bank_account": f"BCA {draw.randrange(10**10):010}",
            "contact_email": f"{_name(draw)}{at}@contoh.example",
        }
    )
    return post("/lapor/", body, headers_of(draw, cookie=f"csrf={TOKEN}"))


def _name(draw: random.Random) -> str:
    return "".join(draw.choices(SYLLABLES, k=4))
