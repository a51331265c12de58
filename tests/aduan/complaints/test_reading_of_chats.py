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


@pytest.mark.parametrize(
    ("head", "time"),
    [
        ("11/25/26, 9:15 PM - {}: ", "21:15"),
        ("11/25/26, 9:15\u202fPM - {}: ", "21:15"),
        ("[11/25/26, 12:05:07\u202fAM] {}: ", "00:05"),
        ("[9:15 PM, 11/25/2026] {}: ", "21:15"),
        ("[11/25, 9:15 PM] {}: ", "21:15"),
        ("[25/11 21.15] {}: ", "21:15"),
        ("25.11.26 21.15 - {}: ", "21:15"),
        ("25/11/26 pukul 21.15 - {}: ", "21:15"),
        ("2026-11-25, 21:15 - {}: ", "21:15"),
        ("{}, [25 Nov 2026 at 21.15.07]:\n", "21:15"),
        ("{}, [11/25/2026 9:15 PM]\n", "21:15"),
    ],
)
def test_every_telephone_writes_its_days_otherwise(head: str, time: str):
    read = reading.offers_of_text(f"{head.format('+62 857-1122-9087')}Paket Anda tertahan", today=TODAY)
    assert values(read, OfferKind.DATE) == ["2026-11-25"]
    assert values(read, OfferKind.TIME) == [time]
    assert [(one.value, one.role) for one in read.of(OfferKind.NUMBER)] == [("+62 857-1122-9087", "head")]


@pytest.mark.parametrize(
    ("chat", "days"),
    [
        # Nothing tells: both are offered.
        ("5/6/26, 9:15 PM - Rina: Paket", [("2026-06-05", "day_first"), ("2026-05-06", "month_first")]),
        ("5/6/26, 21:15 - Rina: Paket", [("2026-06-05", "day_first"), ("2026-05-06", "month_first")]),
        # A later message has a day over 12, or the other order would go backwards, or lie in the future.
        ("5/6/26, 9:15 PM - Rina: Paket\n5/17/26, 9:15 PM - Sari: ya", [("2026-05-06", "")]),
        ("10/1/26, 9:15 PM - Rina: Paket\n9/2/26, 9:15 PM - Sari: ya", [("2026-01-10", "")]),
        ("11/12/26, 9:15 PM - Rina: Paket", [("2026-11-12", "")]),
        # Americans write no 0 before a figure and no dot within the time.
        ("05/06/26, 9:15 PM - Rina: Paket", [("2026-06-05", "")]),
        ("5/6/26 21.15 - Rina: Paket", [("2026-06-05", "")]),
        ("6/6/26, 9:15 PM - Rina: Paket", [("2026-06-06", "")]),
    ],
)
def test_a_day_that_can_be_read_in_two_ways_is_offered_in_both(chat: str, days: list[tuple[str, str]]):
    read = reading.offers_of_text(chat, today=TODAY)
    assert [(one.value, one.role) for one in read.of(OfferKind.DATE)] == days


def test_a_deadline_that_a_message_names_is_not_the_day_it_came():
    read = reading.offers_of_text("Bayar sebelum 11/12/26 ke 0857-1122-9087", today=TODAY)
    assert values(read, OfferKind.DATE) == []


@pytest.mark.parametrize(
    ("chat", "numbers"),
    [
        # An app calls the person "You".
        (
            "26/11/26 08.00 - Anda: nomor saya 0813-1111-2222\n26/11/26 08.02 - Rina: ini 0812-3456-7890",
            ["+62 812-3456-7890"],
        ),
        # Of two senders the one without a number of their own is the person.
        (
            "[26/11 08.00] Sari: ini 0813-1111-2222\n[26/11 08.02] +62 857-1122-9087: oke 0813-1111-2222",
            ["+62 857-1122-9087"],
        ),
        ("[26/11 08.00] Sari: 0813-1111-2222\n[26/11 08.02] ~ Admin: 0857-1122-9087", ["+62 857-1122-9087"]),
        # What the other side named first stays theirs.
        (
            "[26/11 08.00] +62 857-1122-9087: hubungi 0812-3456-7890\n[26/11 08.02] Sari: 0812-3456-7890 ya?",
            ["+62 857-1122-9087", "+62 812-3456-7890"],
        ),
        # A writer does not name their own number like this.
        ("Selamat! Nomor Anda 0813-1111-2222 menang. Hubungi 0812-3456-7890", ["+62 812-3456-7890"]),
        ("Your number: 0813-1111-2222 won. Call 0812-3456-7890", ["+62 812-3456-7890"]),
    ],
)
def test_the_persons_own_number_is_not_offered(chat: str, numbers: list[str]):
    read = reading.offers_of_text(chat, today=TODAY)
    assert values(read, OfferKind.NUMBER) == numbers
    assert not read.sides_unknown


@pytest.mark.parametrize(
    "chat",
    [
        "26/11/26 08.00 - +62 813-1111-2222: siapa?\n26/11/26 08.02 - +62 857-1122-9087: kurir",
        "26/11/26 08.00 - Sari: 0813-1111-2222\n26/11/26 08.02 - Rina: 0857-1122-9087",
    ],
)
def test_where_nothing_tells_the_sides_apart_both_are_offered(chat: str):
    read = reading.offers_of_text(chat, today=TODAY)
    assert values(read, OfferKind.NUMBER) == ["+62 813-1111-2222", "+62 857-1122-9087"]
    assert read.sides_unknown


def test_what_the_person_wrote_is_not_offered_as_the_other_sides():
    chat = (
        "26/11/26 08.00 - +62 857-1122-9087: bayar Rp 25.000 ke BCA 1234567890\n"
        "26/11/26 08.02 - Sari: dari BRI 793414338829685 boleh? tinggal Rp 50.000, lihat https://contoh.com/1"
    )
    read = reading.offers_of_text(chat, today=TODAY)
    assert values(read, OfferKind.ACCOUNT) == ["BCA 1234567890"]
    assert values(read, OfferKind.AMOUNT) == ["25000"]
    assert values(read, OfferKind.LINK) == []


def test_a_name_on_telegram_is_an_account_there():
    chat = "Rina, [25.11.2026 09:15]\nhubungi @cs_dana_resmi atau IG @toko_abc"
    assert values(reading.offers_of_text(chat, today=TODAY), OfferKind.NUMBER) == ["Telegram @cs_dana_resmi"]
    anywhere = reading.offers_of_text("hubungi @cs_dana_resmi", today=TODAY)
    assert values(anywhere, OfferKind.NUMBER) == []


@pytest.mark.parametrize(
    ("state", "accounts"), [("last seen recently", ["Telegram @cs_dana_resmi"]), ("online", [])]
)
def test_a_name_on_a_picture_is_an_account_of_the_app_that_the_picture_shows(state: str, accounts: list[str]):
    read = screen(
        ("Admin Dana", 120, 80),
        (state, 120, 130),
        ("Silakan chat", 20, 330),
        ("@cs_dana_resmi ya kak", 20, 368),
    )
    assert values(read, OfferKind.NUMBER) == accounts


def test_a_row_of_calls_with_twelve_hours_may_have_the_month_first():
    read = screen(("0823-1100-4567", 200, 110), ("Missed call", 140, 330), ("5/6/26, 9:15 PM", 140, 380))
    assert [(one.value, one.role) for one in read.of(OfferKind.DATE)] == [
        ("2026-06-05", "day_first"),
        ("2026-05-06", "month_first"),
    ]


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


@pytest.mark.parametrize("seen", ["terakhir dilihat hari ini pukul 13.58", "last seen today at 1:58 PM"])
def test_when_a_contact_was_seen_last_is_not_the_day_of_the_message(seen: str):
    read = screen(
        ("O", 60, 60),
        ("+62 821-4455-6677", 148, 66),
        (seen, 146, 107),
        ("KEMARIN", 311, 240),
        ("Paket Anda tertahan", 40, 300),
        ("14.05", 390, 340),
    )
    assert values(read, OfferKind.DATE) == [(TODAY - dt.timedelta(days=1)).isoformat()]
    assert values(read, OfferKind.TIME) == ["14:05"]
    assert [(one.value, one.role) for one in read.of(OfferKind.NUMBER)] == [("+62 821-4455-6677", "head")]


def test_a_proof_of_payment_is_no_chat():
    read = screen(
        ("m-Transfer", 96, 140),
        ("BERHASIL", 96, 220),
        ("26/11/2026 08:41:22", 95, 300),
        ("Ke rekening", 96, 380),
        ("8830451297", 450, 460),
        ("SITI AMINAH", 450, 540),
        ("Rp 1.500.000,00", 96, 620),
        ("No. Ref 20261126084122", 96, 780),
    )
    assert values(read, OfferKind.DATE) == ["2026-11-26"]
    assert values(read, OfferKind.TIME) == ["08:41"]
    assert values(read, OfferKind.ACCOUNT) == ["8830451297"]
    assert values(read, OfferKind.AMOUNT) == ["1500000"]
    assert values(read, OfferKind.NUMBER) == []
    assert (read.asks_number, read.contact_named) == (True, False)


def test_a_letter_on_paper_is_no_chat():
    read = screen(
        ("PT UNDIAN BERKAH NUSANTARA", 58, 93),
        ("Jakarta, 20 November 2026", 59, 242),
        ("Kepada Yth. Bapak/Ibu,", 65, 343),
        ("Hubungi Bpk. Haryanto di 0852-1133-5577", 67, 437),
        ("dan transfer biaya Rp 2.500.000 ke", 68, 488),
        ("Bank Mandiri 1370012345678.", 70, 539),
    )
    assert values(read, OfferKind.DATE) == ["2026-11-20"]
    assert values(read, OfferKind.NUMBER) == ["+62 852-1133-5577"]
    assert values(read, OfferKind.ACCOUNT) == ["Mandiri 1370012345678"]
    assert not read.asks_number


@pytest.mark.parametrize(("day", "role"), [("Hari ini", "from_today"), ("25 November 2026", "")])
def test_a_day_that_is_counted_from_today_says_so(day: str, role: str):
    read = screen(("0823-1100-4567", 200, 110), (day, 20, 330), ("09.11 Panggilan masuk 2 menit", 20, 400))
    assert [one.role for one in read.of(OfferKind.DATE)] == [role]
    pasted = reading.offers_of_text(f"{day} saya ditelepon 0823-1100-4567", today=TODAY)
    assert [one.role for one in pasted.of(OfferKind.DATE)] == [role]


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("+62 857-1122-9087\n25 Nov 2026 21.15\nPaket Anda tertahan", ["21:15"]),
        ("Dari 0857-1122-9087, 25/11/2026 pukul 09.15: Paket Anda tertahan", ["09:15"]),
        ("11/25/26, 9:15 PM 0857-1122-9087 Paket Anda tertahan", ["21:15"]),
        ("Kantor buka 09.15, tanggal 25/11/2026 hubungi 0857-1122-9087", []),
    ],
)
def test_a_message_offers_the_time_right_behind_its_day(text: str, times: list[str]):
    read = reading.offers_of_text(text, today=TODAY)
    assert values(read, OfferKind.DATE) == ["2026-11-25"]
    assert values(read, OfferKind.TIME) == times
