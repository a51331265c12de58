"""Pasted chats, cut pictures and lists of calls: who wrote and when stands apart from what they wrote."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.complaints import reading
from aduan.complaints.reading import OfferKind
from tests.aduan.complaints.test_reading import TODAY, screen, values


@pytest.mark.parametrize(
    ("chat", "channel", "time"),
    [
        ("[09.15, 26/11/2026] +62 857-1122-9087: Paket Anda tertahan", "whatsapp", "09:15"),
        ("26/11/26 21.05 - +62 857-1122-9087: Paket Anda tertahan", "whatsapp", "21:05"),
        ("\u200e[26/11/26, 9.05.22 PM] +62 857-1122-9087: Paket Anda tertahan", "whatsapp", "21:05"),
        ("+62 857-1122-9087, [26/11/2026 07:30]\nPaket Anda tertahan", "telegram", "07:30"),
    ],
)
def test_a_chat_that_was_copied_names_its_app_its_day_and_its_time(chat: str, channel: str, time: str):
    read = reading.offers_of_text(chat, today=TODAY)
    assert values(read, OfferKind.CHANNEL) == [channel]
    assert values(read, OfferKind.DATE) == ["2026-11-26"]
    assert values(read, OfferKind.TIME) == [time]
    assert [(one.value, one.role) for one in read.of(OfferKind.NUMBER)] == [("+62 857-1122-9087", "head")]


def test_the_sender_without_a_name_is_the_other_side_of_a_chat():
    chat = (
        "26/11/26 08.00 - Sari: siapa ini?\n"
        "26/11/26 08.02 - +62 857-1122-9087: kurir kak, hubungi 0812-3456-7890"
    )
    read = reading.offers_of_text(chat, today=TODAY)
    assert values(read, OfferKind.TIME) == ["08:02"]
    assert [one.role for one in read.of(OfferKind.NUMBER)] == ["head", "message"]


def test_a_message_that_is_no_chat_names_no_app():
    read = reading.offers_of_text("Hadiah [26/11/2026]: hubungi 0812-3456-7890 jam 09.15", today=TODAY)
    assert values(read, OfferKind.CHANNEL) == []
    assert [one.role for one in read.of(OfferKind.NUMBER)] == ["message"]


def test_a_picture_that_was_cut_above_a_bubble_has_no_head():
    read = screen(
        ("Ini nomor baru mama ya nak", 20, 20),
        ("tolong isi pulsa 0813 2250 6614", 20, 58),
        ("nominal 200rb dulu", 20, 96),
        ("06.41", 500, 134),
    )
    assert [one.role for one in read.of(OfferKind.NUMBER)] == ["message"]
    assert values(read, OfferKind.AMOUNT) == ["200000"]
    assert values(read, OfferKind.TIME) == ["06:41"]
    assert values(read, OfferKind.TEXT)


def test_the_count_of_calls_behind_a_number_is_no_part_of_it():
    read = screen(
        ("Terbaru", 20, 110),
        ("0823-1100-4567 (3)", 140, 330),
        ("Panggilan tak terjawab", 140, 370),
    )
    assert values(read, OfferKind.NUMBER) == ["+62 823-1100-4567"]


def test_the_day_above_a_list_of_calls_stands_at_its_edge():
    read = screen(
        ("0823-1100-4567", 200, 110), ("Kemarin", 20, 330), ("09.11 Panggilan masuk 2 menit", 20, 400)
    )
    assert values(read, OfferKind.DATE) == [(TODAY - dt.timedelta(days=1)).isoformat()]
