"""Copied and slightly changed texts find each other; different stories do not."""

from __future__ import annotations

from aduan.complaints import fingerprints

STORY = (
    "Selamat! Nomor anda terpilih sebagai pemenang undian berhadiah mobil dari PT Maju Jaya. "
    "Silakan hubungi panitia di 0870-1234-5678 dan transfer biaya pajak Rp 2.500.000 ke rekening 1234567890."
)
OTHER = (
    "Halo kak, saya dari bagian rekrutmen. Kerja dari rumah, cukup like dan subscribe video, komisi "
    "langsung cair setiap hari. Untuk mulai kirim deposit seratus ribu, nanti kembali dua kali lipat."
)


def test_a_copy_with_other_numbers_links_and_capitals_is_the_same_text():
    copy = STORY.upper().replace("0870-1234-5678", "0870 9999 0000").replace("2.500.000", "3.750.000")
    assert fingerprints.digest(copy) == fingerprints.digest(STORY)
    assert fingerprints.digest(
        "Klik https://a.example/x?1 sekarang juga, akun anda diblokir bila tidak dibuka"
    ) == (
        fingerprints.digest("klik http://b.example/y sekarang juga akun anda diblokir, bila tidak dibuka!!!")
    )


def test_an_edited_copy_shares_a_band_and_another_story_does_not():
    edited = STORY.replace("mobil", "motor").replace("panitia", "bapak Hendra")
    assert set(fingerprints.bands(edited)) & set(fingerprints.bands(STORY))
    assert not set(fingerprints.bands(OTHER)) & set(fingerprints.bands(STORY))


def test_short_texts_say_nothing_about_their_author():
    assert fingerprints.digest("halo") is None
    assert fingerprints.bands("p") == []


def test_bands_fit_an_integer_column():
    assert len(fingerprints.bands(STORY)) == 16
    assert all(-(2**31) <= band < 2**31 for band in fingerprints.bands(STORY))
