"""What is read on a picture is offered with its place, and nothing is taken for more than it is."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from aduan.complaints import reading
from aduan.complaints.evidence import processing, recognition
from aduan.complaints.evidence.conversion import Word
from aduan.complaints.evidence.limits import MEBIBYTE
from aduan.complaints.reading import OfferKind, Reading
from aduan.complaints.reading.dates import amounts_in, date_in, time_in
from aduan.complaints.reading.layout import lines_of
from sample import pictures
from tests.factories.files import jpeg

TODAY = dt.date(2026, 11, 27)
SIZE = [(720, 1500)]


def screen(*lines: tuple[str, int, int]) -> Reading:
    """A screen of lines (text, left edge, top), each word 14 pixels a letter."""
    words = []
    for number, (text, left, top) in enumerate(lines):
        at = left
        for word in text.split():
            words.append(Word(word, 0, number, at, top, 13 * len(word), 26, 90))
            at += 13 * len(word) + 13
    return reading.offers_of_picture(words, SIZE, today=TODAY)


def values(read: Reading, kind: OfferKind) -> list[str]:
    return [offer.value for offer in read.of(kind)]


@pytest.mark.parametrize("seed", [1, 2])
def test_a_chat_is_read_in_the_sandbox(seed: int):
    text = (
        "Paket Anda tertahan. Bayar Rp 25.000 ke rekening BCA 1234567890 atau buka https://paket-ulang.com/77"
    )
    picture = pictures.chat("0812-3456-7890", text, random.Random(seed))
    found = processing.read_picture(picture)
    assert found.ok
    read = reading.offers_of_picture(
        found.words, [(page.width, page.height) for page in found.pages], today=TODAY
    )
    assert values(read, OfferKind.NUMBER) == ["+62 812-3456-7890"]
    assert values(read, OfferKind.ACCOUNT) == ["BCA 1234567890"]
    assert values(read, OfferKind.AMOUNT) == ["25000"]
    assert values(read, OfferKind.LINK) == ["paket-ulang.com/77"]
    number = read.of(OfferKind.NUMBER)[0]
    assert number.region
    assert number.role == "head"
    assert number.region.top < 150
    assert found.pages[0].data.startswith(b"\xff\xd8")


def test_a_reading_tells_its_own_memory_and_not_that_of_who_asked():
    held = bytearray(400 * MEBIBYTE)
    held[::4096] = b"1" * len(held[::4096])  # each page is resident
    found = processing.read_picture(pictures.chat("0812-3456-7890", "Halo", random.Random(1)))
    assert 20 * MEBIBYTE < found.peak_memory < 300 * MEBIBYTE
    assert held[0]


@pytest.mark.parametrize("name", ["hadiah-resmi8 1", "paket-ulang 15"])
def test_a_site_whose_name_was_read_as_two_words_is_one(name: str):
    """A narrow 1 leaves a gap: `hadiah-resmi81.com`."""
    read = screen(("+62 812-3456-7890", 120, 60), (f"Cek https://{name}.com/28.", 20, 300))
    assert values(read, OfferKind.LINK) == [f"{name.replace(' ', '')}.com/28"]


def words(*placed: tuple[str, int, int]) -> list[Word]:
    """Words of one line (text, left, right)."""
    return [Word(text, 0, 1, left, 300, right - left, 26, 90) for text, left, right in placed]


@pytest.mark.parametrize(
    ("line", "link"),
    [
        (words(("https://hadiah.com/e7", 20, 290), ("4f", 300, 320)), "hadiah.com/e74f"),
        (words(("https://verifikasi-akun3", 20, 330), ("1.xyz/46.", 345, 440)), "verifikasi-akun31.xyz/46"),
        (words(("hitps://klaim-dana.id/37", 20, 330)), "klaim-dana.id/37"),
        (words(("https://hadiah.com/e7", 20, 290), ("ya", 300, 320)), "hadiah.com/e7"),
    ],
)
def test_a_link_that_was_read_in_pieces_is_whole(line: list[Word], link: str):
    assert values(reading.offers_of_picture(line, SIZE, today=TODAY), OfferKind.LINK) == [link]


def test_a_long_account_that_was_read_in_pieces_is_whole():
    line = words(("rek", 20, 60), ("BRI", 70, 110), ("53233278971", 120, 270), ("7999", 275, 330))
    assert values(reading.offers_of_picture(line, SIZE, today=TODAY), OfferKind.ACCOUNT) == [
        "BRI 532332789717999"
    ]


def test_a_long_account_is_read_though_it_is_no_word():
    """Of fifteen figures without a blank the reader is never sure."""
    text = "Bayar biaya kirim Rp 25.000 ke rekening BRI 793414338829685. Cek https://paket.top/80"
    found = processing.read_picture(pictures.chat("0812-3456-7890", text, random.Random(14)))
    read = reading.offers_of_picture(
        found.words, [(page.width, page.height) for page in found.pages], today=TODAY
    )
    assert values(read, OfferKind.ACCOUNT) == ["BRI 793414338829685"]


def test_the_time_under_a_message_is_no_message_also_with_a_comma():
    read = screen(
        ("+62 812-3456-7890", 120, 60),
        ("Paket Anda tertahan di gudang", 20, 300),
        ("Siapa ini ya kak", 480, 500),
        ("16,06 //", 600, 560),
    )
    assert "16,06" not in values(read, OfferKind.TEXT)[0]


def test_a_number_after_a_site_stays_apart():
    read = screen(("+62 812-3456-7890", 120, 60), ("https://hadiah.com/8 1.500 orang", 20, 300))
    assert values(read, OfferKind.LINK) == ["hadiah.com/8"]


def test_a_file_that_is_no_picture_is_not_read():
    found = processing.read_picture(b"0812-3456-7890\n" * 10)
    assert (found.ok, found.reason) == (False, "file_type")


def test_a_picture_without_text_offers_nothing():
    found = processing.read_picture(jpeg())
    assert found.ok
    read = reading.offers_of_picture(found.words, SIZE, today=TODAY)
    assert read.offers == ()
    assert read.asks_number


def test_lines_of_two_passes_over_one_picture_stay_apart():
    """Each pass counts its lines from one: the head's and the page's were mixed into each other."""
    head = [Word(text, 0, 1, left, 66, 88, 23, 97) for text, left in (("Admin", 147), ("Dana", 249))]
    message = [Word(text, 0, 1, left, 190, 54, 20, 97) for text, left in (("Halo", 42), ("kak,", 107))]
    found = recognition._joined(recognition._joined([], head), message)
    assert [line.text for line in lines_of(found, [720])] == ["Admin Dana", "Halo kak,"]


def test_a_contacts_name_in_place_of_the_number_asks_for_the_number():
    read = screen(
        ("Budi Kurir", 170, 80), ("Paketnya tertahan Kak", 40, 260), ("hubungi 0812-3456-7890 ya", 40, 300)
    )
    assert read.asks_number
    assert [(one.value, one.role) for one in read.of(OfferKind.NUMBER)] == [("+62 812-3456-7890", "message")]


def test_what_we_wrote_ourselves_is_no_number_of_the_other_side():
    read = screen(
        ("+62 812-3456-7890", 170, 80),
        ("Nomor Anda siapa?", 40, 260),
        ("nomor saya 0857-1111-2222", 360, 340),
        ("10.41", 640, 380),
    )
    assert values(read, OfferKind.NUMBER) == ["+62 812-3456-7890"]
    assert "Saya: nomor saya 0857-1111-2222" in values(read, OfferKind.TEXT)[0]


def test_the_clock_of_the_phone_is_no_time_of_a_message():
    read = screen(
        ("19.37 LTE 5%", 20, 10),
        ("0812-3456-7890", 170, 80),
        ("12 November 2026", 255, 200),
        ("Selamat siang Kak", 40, 260),
        ("08.15", 300, 300),
    )
    assert values(read, OfferKind.TIME) == ["08:15"]
    assert values(read, OfferKind.DATE) == ["2026-11-12"]


def test_a_list_of_calls_offers_each_number_and_no_name():
    read = screen(
        ("Terbaru", 20, 110),
        ("Mama", 140, 200),
        ("Panggilan masuk 10.15", 140, 240),
        ("0812 3456 7890", 140, 330),
        ("Panggilan tak terjawab 09.58", 140, 370),
        ("0857 1111 2222", 140, 460),
        ("Panggilan tak terjawab 09.12", 140, 500),
    )
    assert values(read, OfferKind.NUMBER) == ["+62 812-3456-7890", "+62 857-1111-2222"]
    assert values(read, OfferKind.CHANNEL) == ["call"]
    assert values(read, OfferKind.TEXT) == []


def test_a_link_that_the_bubble_cut_is_whole_again():
    read = screen(
        ("0812-3456-7890", 170, 80),
        ("Isi data di", 40, 260),
        ("https://hadiah-resmi-undian.com/kla", 40, 300),
        ("im-2026 sekarang", 40, 340),
    )
    assert values(read, OfferKind.LINK) == ["hadiah-resmi-undian.com/klaim-2026"]


def test_a_word_under_a_whole_link_is_no_part_of_it():
    read = screen(
        ("0812-3456-7890", 170, 80),
        ("https://hadiah-resmi-undian.com/77", 40, 300),
        ("lalu isi data", 40, 340),
    )
    assert values(read, OfferKind.LINK) == ["hadiah-resmi-undian.com/77"]


def test_at_most_ten_numbers_are_offered_and_the_rest_is_counted():
    text = "\n".join(f"{turn}. nomor 0812-3456-78{turn:02}" for turn in range(12))
    read = reading.offers_of_text(text, today=TODAY)
    assert len(read.of(OfferKind.NUMBER)) == 10
    assert read.left_out == 2


def test_a_reading_survives_being_stored():
    read = screen(("+62 812-3456-7890", 170, 80), ("Transfer ke BCA 1234567890 ya", 40, 260))
    assert Reading.from_json(read.as_json()) == read


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("HARI INI", dt.date(2026, 11, 27)),
        ("Kemarin", dt.date(2026, 11, 26)),
        ("3 Agustus 2026", dt.date(2026, 8, 3)),
        ("3 Des", dt.date(2025, 12, 3)),
        ("13/8/26", dt.date(2026, 8, 13)),
        ("Nov 12, 2026", dt.date(2026, 11, 12)),
        ("31/2/2026", None),
        ("28 Nov 2026", None),  # tomorrow
        ("0812-3456-7890", None),
    ],
)
def test_dates_of_chats(text: str, day: dt.date | None):
    assert date_in(text, today=TODAY) == day


@pytest.mark.parametrize(
    ("text", "sums"),
    [
        ("Rp 1.500.000 ya", [1_500_000]),
        ("bayar Rp18.500,- hari ini", [18_500]),
        ("Rp 1,5 juta", [1_500_000]),
        ("Rp 250rb lalu Rp 250.000", [250_000]),
        ("IDR 2.000.000,00", [2_000_000]),
        ("kode 842143", []),
        ("DP 75rb aja, sisanya 1,5 jutaan", [75_000, 1_500_000]),
        ("total 3 jt 500 rb ya", [3_500_000]),
        ("dp:150k, 100rb/bln", [150_000, 100_000]),
        ("video 4k, 4 k, 1234567890 jt, kode JP300rb", []),
    ],
)
def test_sums_in_rupiah(text: str, sums: list[int]):
    assert amounts_in(text) == sums


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("9:15 PM", "21:15"),
        ("12:05 AM", "00:05"),
        ("12.05 p.m.", "12:05"),
        ("09.15.22", "09:15"),
        ("1:20:3", ""),
    ],
)
def test_times_of_both_clocks(text: str, time: str):
    assert time_in(text) == time
