"""Numbers are found in pasted messages, and told from accounts, amounts, dates and codes."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from aduan.numbers.parsing import numbers_in

MESSAGES = Path(__file__).parents[2] / "data" / "messages.csv"

FOUND = {
    "Selamat! Anda memenangkan hadiah Rp 50.000.000. Hub: 0812-3456-7890 PIN: 123456": ["+6281234567890"],
    "Mama minta pulsa 50rb ke nomor ini 081234567890 sekarang": ["+6281234567890"],
    "Transfer ke rek BCA 1234567890 a.n. Budi, konfirmasi WA 0813 3456 7890": ["+6281334567890"],
    "Kirim ke rekening BRI 5829-01-012786-534. Info: 0857.1234.5678": ["+6285712345678"],
    "Kirim ke rekening BCA 1234567890. WA 0812-3456-7890": ["+6281234567890"],
    "No rek 081234567890 (DANA) kirim ke situ ya": [],
    "Kode OTP Anda 482913. JANGAN BERIKAN. Call 1500888": ["service:1500888"],
    "Paket resi 081234567890123 tertahan, klik https://wa.me/6281234567890?text=hai": ["+6281234567890"],
    "12-05-2024 pukul 10.30 WIB, Rp1.250.000,- hub (021) 5551234": ["+62215551234"],
    "wa.me/6281234567890 atau t.me/penipu_id, 0812xxxx7890 bukan": ["+6281234567890", "telegram:@penipu_id"],
    "hubungi 0812 3456 7890 / 0813 3456 7890": ["+6281234567890", "+6281334567890"],
    "081234567890,085712345678;0857 1234 5679": ["+6281234567890", "+6285712345678", "+6285712345679"],
    "08123456789 08123456788": ["+628123456789", "+628123456788"],
    "NIK 3174012345678901 KK 3174012345678902": [],
    "Nomor penipu: 1.081234567890 2.081398765432 3.085711112222": [
        "+6281234567890",
        "+6281398765432",
        "+6285711112222",
    ],
    "Hub WA 13:55:07 0274859035 489rb": ["+62274859035"],
    "NIK 3174 0812 3456 7890 atas nama Budi, hp 081398765432": ["+6281398765432"],
    "resi 1234 0812 3456 7890 belum sampai, kurir 0813-9876-5432": ["+6281398765432"],
    "lokasi -6.2088, 106.8456 hub 081234567890": ["+6281234567890"],
    "Panggilan tak terjawab\n+62 812-3456-\n7890\nkemarin 19.42": ["+6281234567890"],
    "hubungi 8312345 (0251) atau 081234567890": ["+6281234567890"],
    "hub 8312345-0251": ["+6283123450251", "+622518312345"],
    "no 0812 3456 78 (90)": ["+62812345678", "+6281234567890"],
    "Total 08.950.000.111 rupiah, hub 081234567890": ["+6281234567890"],
    "JANGAN berikan OTP ke siapapun. Info 1500888": ["service:1500888"],
    "katalognya https://wa.me/c/6281398765432 ya": ["+6281398765432"],
    "Nomor luar: +44 7911 123456 dan +6591234567": ["+447911123456", "+6591234567"],
    "telepon +62 812-3456-7890 jam 10:15 tgl 08-12-2023, lalu 0274-512345": [
        "+6281234567890",
        "+62274512345",
    ],
    "harga 081.000 saja, diskon 50%, total 1.500.000": [],
    "hub 0812 3456 789O": [],
    "SMS ke 1166 atau call center 14000": ["short:1166", "service:14000"],
    "http://bit.ly/081234567890 budi081234567890@gmail.com": [],
    "VA 8808081234567890 nominal 150000": [],
    "hub.no.081234567890an.budi": ["+6281234567890"],
    "Ini nomornya 081234567890? Iya.": ["+6281234567890"],
    "WA nol delapan satu dua tiga empat lima enam tujuh delapan sembilan nol ya": ["+6281234567890"],
    "nol delapan satu dua strip tiga empat lima enam strip tujuh delapan sembilan nol": ["+6281234567890"],
    "Satu dua tiga empat lima enam tujuh delapan sembilan nol, hitung!": [],
    "Token: 1234-5678-9012-3456-7890, cs 1500-123": ["service:1500123"],
    "mengaku dari 1500-888, nomornya 021 5000 1234": ["service:1500888", "+622150001234"],
    "call center BCA 1500888, penipu +622150001234": ["service:1500888", "+622150001234"],
    "Balas YA ke 9123": ["short:9123"],
    "Hub:0895.0000.1111/0895.0000.2222": ["+6289500001111", "+6289500002222"],
    "http://103.12.34.56/089500001111": [],
    "unduh di toko.fiktif.id/089500001111": [],
    "press 1 or call 0807 1 234 567": ["+628071234567"],
    "٠٨١٢٣٤٥٦٧٨٩٠ hubungi": ["+6281234567890"],
    "6281234567890@s.whatsapp.net: halo": ["+6281234567890"],
}


@pytest.mark.parametrize("text", FOUND, ids=lambda text: text[:30])
def test_the_numbers_of_a_message(text):
    assert [span.parsed.canonical for span in numbers_in(text)] == FOUND[text]


def test_a_span_says_where_it_stands():
    text = "\u200eHub \u200e(0812-3456-7890) atau wa.me/6285712345678."
    spans = numbers_in(text)
    assert [span.text for span in spans] == ["0812-3456-7890", "wa.me/6285712345678"]
    assert all(text[span.start : span.end] == span.text for span in spans)


def test_only_the_beginning_of_a_very_long_text_is_searched():
    assert numbers_in("a " * 50_000 + " 081234567890") == []


def test_every_number_of_the_scam_messages_is_found():
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            written = {
                re.sub(r"\D", "", text)[1:] for text in re.findall(r"(?<!\d)0870[\d .-]{5,11}\d", row["text"])
            }
            found = {span.parsed.canonical[3:] for span in numbers_in(row["text"]) if span.parsed.e164}
            assert written == found, row["text"]
