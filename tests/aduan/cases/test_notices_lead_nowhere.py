"""What complainants read under the name of the portal sends them to no place of one writer's choice.

Seen to be taken on 6a874b26: a lead alone could put any link into the standard text of a reason.
"""

from __future__ import annotations

import pytest

from aduan.cases.notices import NoticeText
from aduan.cases.reasons import reference
from aduan.cases.services import save_reason
from aduan.cases.services.notices import require_notice
from aduan.core.errors import Invalid

AWAY = [
    "Uang Anda kembali di https://pengembalian-dana.example/klaim",
    "Buka hxxps://klaim[.]contoh/uang untuk uang Anda",
    "Klaim di klaim-dana.com sekarang",
    "Hubungi petugas kami di 0812-3456-7890",
    "Chat wa.me/6281234567890",
    "Hubungi @petugas_aduan di Telegram",
    "Kirim bukti ke petugas@contoh.example",
    "Transfer biaya ke BCA 1234567890 a.n. Budi",
    "Call +44 20 7946 0958",
]
HOME = [
    "Bank dan cekrekening.id menanganinya.",
    "Aduankonten.id deals with it.",
    "Ceritakan tanggal dan jam teleponnya, juga jumlah uangnya (misalnya Rp 1.500.000).",
    "Hubungi 110 bila Anda terancam; IASC ada di 157.",
    "Sejak 2 Januari 2026 nomor itu dipakai orang lain.",
]


@pytest.mark.parametrize("text", AWAY)
def test_an_address_of_the_writers_choice_is_refused(text: str):
    for notice in (NoticeText(text, "Thank you."), NoticeText("Terima kasih.", text)):
        with pytest.raises(Invalid) as refused:
            require_notice(notice)
        assert refused.value.code == "notice_leads_away"


@pytest.mark.parametrize("text", HOME)
def test_authorities_amounts_and_dates_may_be_named(text: str):
    require_notice(NoticeText(text, text))


def test_every_shipped_reason_passes():
    for reason in reference():
        require_notice(NoticeText(reason.notice_id, reason.notice_en))


@pytest.mark.django_db
def test_a_lead_cannot_put_a_link_into_a_standard_text(agus, now):
    with pytest.raises(Invalid):
        save_reason(
            by=agus, at=now, code="klaim", action="ask", text_id="Klaim", text_en="Claim",
            notice=NoticeText("Klaim di https://klaim.example", "Claim at https://klaim.example"),
        )  # fmt: skip
