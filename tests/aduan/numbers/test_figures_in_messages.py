"""Figures beside a number in a pasted message are no reason to miss it, to ask, or to make another one."""

from __future__ import annotations

import pytest

from aduan.numbers.parsing import numbers_in

NUMBERS = {
    "081234567890": "+6281234567890",
    "0857-1234-5678": "+6285712345678",
    "+62 813 9876 5432": "+6281398765432",
    "0896 7000 123": "+628967000123",
    "+855 12 345 678": "+85512345678",
}
FIGURES = [
    "ke-2", "ke 2", "km 5", "4.5 bintang", "4,5/5", "#1", "no 3", "RT 03/RW 08", "RT 02 RW 11",
    "Blok C2", "lantai 3", "3x", "3 x", "x3", "x 3", "3 kali", "2 panggilan tak terjawab", "99+", "(2)",
    "[4]", "12/05", "08-12-2025", "08.00-16.00 WIB", "jam 10.30", "pukul 9 pagi", "24 jam", "24/7",
    "5 juta", "Rp 50.000", "Rp2.500.000,-", "50rb", "20%", "5G", "4G", "sim 2", "2 hari lagi",
    "100 orang", "umur 25", "usia 31 tahun", "8 Des 2025", "2025-12-08", "PIN 1234", "kode 482913",
    "OTP: 482 913", "5 menit", "10 detik", "70 kg", "hal 12", "versi 2.1", "batch 4", "tahap 2",
    "slot 88", "level 5", "2 pesan", "3 laporan", "1 juta/hari", "kelas 2", "10 MB", "tahun 2025",
    "th 2024", "s/d 31 Des",
]  # fmt: skip
AROUND = (
    "Penipu ini menelepon dari {number} {figure}",
    "Penipu ini menelepon dari {number}, {figure}",
    "Penipu {figure} nomornya {number}",
    "{figure} hubungi {number} segera",
    "Dari {number}\n{figure}\nminta transfer",
)


@pytest.mark.parametrize("figure", FIGURES)
def test_a_figure_beside_a_number_in_a_message_costs_nothing(figure):
    wrong = []
    for around in AROUND:
        for number, meant in NUMBERS.items():
            text = around.format(number=number, figure=figure)
            found = [span.parsed.canonical for span in numbers_in(text)]
            if found != [meant]:
                wrong.append((text, found))
    assert not wrong


@pytest.mark.parametrize("figure", ["2 SIM", "2 \u2605", "5 \u2b50", "1."])
def test_a_figure_that_nothing_explains_is_offered_with_and_without(figure):
    for number, meant in NUMBERS.items():
        found = [span.parsed.canonical for span in numbers_in(f"Penipu dari {number} {figure}")]
        assert sorted(found) == sorted([meant, meant + figure[0]])


@pytest.mark.parametrize("number", [number for number in NUMBERS if " " in number])
@pytest.mark.parametrize("year", ["2024", "2025", "2026"])
def test_a_year_behind_a_number_does_not_hide_it(number, year):
    assert [span.parsed.canonical for span in numbers_in(f"Penipu dari {number} {year}")] == [NUMBERS[number]]
