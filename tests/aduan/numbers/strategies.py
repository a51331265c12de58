"""Texts that look like what people paste, and worse."""

from __future__ import annotations

from hypothesis import strategies as st

PIECES = [
    "0812", "+62", "62", "0", "8", "1234", "56", "7890", "9", "00", "001", "007", "01017", "021",
    "0274", "110", "1500888", "14041", " ", "-", ".", "(", ")", "/", ",", "*", "#", "+", ":", "=", '"',
    "'", "_", "~", "|", "\\", "x", "X", "O", "l", "I", "S", "wa", "WA: ", "hp", "ext ", "pes", "dan",
    "atau", "nol", "satu", "Rp", "rek ", "BCA", "a/n ", "Budi", "OTP ", "KTP", "@", "t.me/", "wa.me/",
    "https://", "?text=", "&phone=", "tel:", "%2B", ";phone-context=", "@s.whatsapp.net", "@c.us",
    "E+10", "\n", "\r", "\t", "\0", "\u200b", "\u202e", "\u2067", "\ufeff", "٠٨", "²", "①", "😀", "⭕",
    "…", "...", "é", "Ж", "王", "İ", "ß", "ŉ", "\ud800", "-1",
]  # fmt: skip

pasted = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
digits_and_marks = st.text(alphabet="0123456789 -./()+x*#OlI", max_size=24)
anything = st.text(max_size=20)
texts = st.one_of(pasted, digits_and_marks, anything)
