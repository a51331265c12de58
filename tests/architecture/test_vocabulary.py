"""One Indonesian word for one thing: what stood beside it in the catalogues stays away (docs/glossary.md)."""

from __future__ import annotations

import re

import polib
import pytest

from scripts.catalogues import AREA_NAMES, catalogue

# The word that is written instead.
INSTEAD = {
    r"pelapor(nya)?": "pengadu",
    r"kampanye": "rangkaian",
    r"peramban": "browser",
    r"(?<!\()surel(?!/)": "email",
    r"e-mail": "email",
    r"nomor penanda": "nomor pemantau",
    r"nomor pribadi”": "nomor disembunyikan",
    r"(judi|pinjaman|belanja) online": "daring",
    r"putusan(nya)?": "keputusan",
    r"konsep": "draf",
    r"daftar sela": "daftar antara",
    r"bita": "byte",
    r"pelepasan (blokir|pemblokiran)": "pencabutan",
    r"(aduan|pengadu|orang) independen": "yang tidak saling terkait",
    r"sidik berkunci": "kode acak",
    r"sandbox": "lingkungan uji",
    r"platform ott": "penyelenggara OTT",
}


@pytest.mark.parametrize("area", AREA_NAMES)
def test_one_term_for_one_thing(area: str) -> None:
    entries = polib.pofile(str(catalogue(area)))
    texts = [text for entry in entries for text in (entry.msgstr, *entry.msgstr_plural.values())]
    found = [
        f"{text!r}: write {word}"
        for text in texts
        for pattern, word in INSTEAD.items()
        if re.search(rf"(?<!\w){pattern}(?!\w)", text, re.IGNORECASE)
    ]
    assert found == []
