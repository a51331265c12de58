"""A morning of cases, filed through the real intake, with drawn evidence that the real sandbox cleaned."""

from __future__ import annotations

import datetime as dt
import io

from PIL import Image, ImageDraw

from aduan.cases import services
from aduan.cases.models import Campaign, CannedReason, Case
from aduan.cases.workflow import CaseAction
from aduan.complaints import services as complaints
from aduan.complaints.types import Upload
from tests.factories import complaints as factory

STORIES = [
    (
        "PETUGAS_BANK",
        "whatsapp",
        (
            "Penelepon mengaku petugas bank dan meminta kode OTP. Tak lama kemudian saldo saya berkurang dua "
            "juta rupiah lewat tiga kali transfer ke rekening yang tidak saya kenal."
        ),
        2_000_000,
    ),
    (
        "HADIAH",
        "sms",
        (
            "Saya menerima SMS pemberitahuan menang undian mobil. Saya diminta membayar pajak hadiah lebih "
            "dahulu dan mengeklik tautan http://undian-resmi.example."
        ),
        None,
    ),
    (
        "APK",
        "whatsapp",
        (
            "Dikirimi berkas APK dengan alasan resi paket. Setelah dibuka, ponsel saya lambat dan ada upaya "
            "masuk ke mobile banking."
        ),
        750_000,
    ),
]
REASONS = [
    ("bukti-jelas", CaseAction.PROPOSE, "Bukti menunjukkan nomor dan permintaan uang atau kode."),
    ("pola-sama", CaseAction.PROPOSE, "Pola sama pada beberapa pelapor yang tidak saling terkait."),
    ("kurang-bukti", CaseAction.ASK, "Mohon tangkapan layar yang memperlihatkan nomor."),
    ("bukan-penipuan", CaseAction.DISMISS, "Sengketa jual beli biasa, bukan penipuan."),
    ("rekening-bank", CaseAction.DECLARE_NOT_OURS, "Rekening bank ditangani bank yang bersangkutan."),
]


def reasons() -> None:
    for code, action, text in REASONS:
        CannedReason.objects.get_or_create(
            code=code, defaults={"action": action, "text_id": text, "text_en": text}
        )


def chat(number: str, lines: list[str]) -> Upload:
    """A picture like a chat: the number on top, bubbles below."""
    picture = Image.new("RGB", (720, 960), "#e9e4dc")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, 720, 90), fill="#0b5c6b")
    draw.text((30, 32), number, fill="white", font_size=30)
    for turn, line in enumerate(lines):
        top = 130 + turn * 130
        draw.rounded_rectangle((30, top, 620, top + 100), 18, fill="white")
        draw.text((54, top + 34), line[:44], fill="#182a30", font_size=24)
    held = io.BytesIO()
    picture.save(held, "PNG")
    size = held.tell()
    held.seek(0)
    return Upload(name="tangkapan-layar.png", size=size, file=held)


def case(
    number: str, *, at: dt.datetime, complaints_filed: int = 2, pictures: int = 1, story: int = 0
) -> Case:
    """A complete case with cleaned evidence."""
    category, channel, narrative, loss = STORIES[story % len(STORIES)]
    filed = None
    for turn in range(complaints_filed):
        filed = factory.complaint(
            at - dt.timedelta(minutes=7 * (complaints_filed - turn)),
            number,
            category=category,
            channel=channel,
            narrative=narrative if turn == 0 else f"{narrative} {factory._own_words()}",
            loss=loss,
            contact_email=f"pelapor{turn}@warga.example",
            evidence=[chat(number, narrative.split(". "))] if turn < pictures else [],
        )
        for item in filed.evidence.all():
            complaints.process_evidence(item.pk, at=at)
    assert filed is not None
    return Case.objects.get(pk=filed.case_id)


def campaign(cases: list[Case], *, at: dt.datetime) -> Campaign:
    """These cases as one campaign, found by the service that the job calls."""
    pairs = [services.CaseSimilarity(cases[0].pk, other.pk, "text", 92) for other in cases[1:]]
    services.cluster_cases(pairs, at=at)
    return Campaign.objects.get(merged_into=None)
