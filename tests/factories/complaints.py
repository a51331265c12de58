"""Complaints as Sari and others file them: always through the service."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import uuid
from collections.abc import Sequence
from typing import Any

from aduan.complaints import queries
from aduan.complaints.models import Complaint
from aduan.complaints.services import file_complaint
from aduan.complaints.types import ClientIdentity, ComplaintData, Progress, Receipt, Upload
from aduan.core import vault
from aduan.notifications.models import OutboxMessage
from aduan.numbers.parsing import parse

STORY = (
    "Penelepon mengaku dari bank, meminta kode OTP, lalu saldo saya hilang dua juta rupiah. "
    "Ini complaint nomor {turn}, ditulis sendiri."
)
_turns = itertools.count(1)


def report(number: str = "0812-3456-7890", **fields: Any) -> ComplaintData:
    given: dict[str, Any] = {
        "number": parse(number),
        "number_raw": number,
        "channel": "whatsapp",
        "category": "PETUGAS_BANK",
        "narrative": STORY.format(turn=next(_turns)),
    }
    return ComplaintData(**{**given, **fields})


def a_client(turn: int | None = None) -> ClientIdentity:
    """A sender whom nothing links to another."""
    turn = next(_turns) if turn is None else turn
    return ClientIdentity(address=f"10.{turn // 250 % 250}.{turn % 250}.7", device=f"device-{turn}")


def filed(
    at: dt.datetime,
    number: str = "0812-3456-7890",
    *,
    evidence: Sequence[Upload] = (),
    sender: ClientIdentity | None = None,
    key: uuid.UUID | None = None,
    **fields: Any,
) -> Receipt:
    """An independent complaint unless told otherwise: own words, own device, own network."""
    return file_complaint(
        report(number, **{"narrative": _own_words(), **fields}),
        evidence=evidence,
        sender=sender or a_client(),
        idempotency_key=key or uuid.uuid4(),
        at=at,
    )


def complaint(at: dt.datetime, *args: Any, **fields: Any) -> Complaint:
    return Complaint.objects.select_related("case", "number").get(pk=filed(at, *args, **fields).complaint_id)


def progress_of(ticket: str, secret: str, *, at: dt.datetime) -> Progress | None:
    """The tracking page that ticket and secret open together."""
    known = queries.complaint_of(ticket, secret)
    return None if known is None else queries.progress(known, at=at)


def sent_code() -> str:
    """The newest code that was posted to a contact."""
    row = OutboxMessage.objects.filter(kind="contact_code").latest("id")
    aad = vault.aad_for("notifications_outboxmessage", "payload_encrypted", row.key)
    return str(json.loads(vault.decrypt(row.payload_encrypted, aad=aad))["context"]["code"])


WORDS = """
    telepon pagi siang malam bank kartu kredit hadiah mobil undian transfer rekening saldo anak polisi paket
    kurir resi tautan kode rahasia pinjaman kerja komisi deposit toko barang sepatu motor tiket hotel arisan
""".split()  # noqa: SIM905


def _own_words() -> str:
    """A sentence that shares no wording with the one before."""
    turn = next(_turns)
    picked = [WORDS[(turn * 7 + step * (turn % 11 + 3)) % len(WORDS)] for step in range(14)]
    return " ".join([*picked, *(chr(97 + int(digit)) * 4 for digit in str(turn * 7919))])
