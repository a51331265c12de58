"""The words of a story that a decision rests on: money, accounts, links, what was asked for. Pure."""

from __future__ import annotations

import re
from typing import Final

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from aduan.numbers.parsing import LONG_DIGITS

_MATTERS: Final = re.compile(
    r"""
    \bRp[ ]?\.?[ ]?\d[\d.,]*(?:[ ]?(?:ribu|rb|juta|jt|miliar))?
    | \b\d[\d.,]*[ ]?(?:ribu|rb|juta|jt|miliar)\b
    | (?:https?://|www\.)[^\s<>"']+
    | \b(?:[a-z0-9-]{1,40}\.){1,4}
        (?:id|com|net|org|info|xyz|top|site|online|link|me|ly|cc|click|shop|example)\b(?:/[^\s<>"']*)?
    | \b(?:kode\s(?:OTP|verifikasi|SMS)|OTP|PIN|CVV|CVC|password|kata\ssandi|no(?:mor)?\skartu|KTP|NIK|swafoto
        |APK|aplikasi|tautan|link|(?:di|men)?transfer|kirim\suang|rekening|top[ ]?up|hadiah|undian
        |diblokir|ditahan|ditilang|ancam\w*|mengancam|pura-pura|mengaku)\b
    | """
    + LONG_DIGITS,
    re.IGNORECASE | re.VERBOSE,
)


def mark_words(text: str) -> SafeString:
    """The text as HTML with `<mark>` around those words; everything else escaped."""
    parts: list[str] = []
    done = 0
    for found in _MATTERS.finditer(text):
        start, end = found.span()
        parts += [conditional_escape(text[done:start]), f"<mark>{conditional_escape(text[start:end])}</mark>"]
        done = end
    return mark_safe("".join([*parts, conditional_escape(text[done:])]))  # noqa: S308 - each part is escaped
