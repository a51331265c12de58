"""Normalised text: one form of newline, NFC, no control characters. Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import EmailValidator
from django.utils.translation import gettext_lazy as _

from aduan.core.errors import Invalid

NARRATIVE_LIMIT: Final = 4000
LINE_LIMIT: Final = 500
_RAW_LIMIT: Final = 100_000  # normalising costs time: what is longer than this is refused unread
_check_email: Final = EmailValidator()
_MARKS_IN_A_ROW: Final = 8  # more than any living script stacks; the rest only paints over neighbouring lines
_STEERING: Final = re.compile(
    "[\x01-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)


def normalise_text(text: str, *, field: str, limit: int = NARRATIVE_LIMIT) -> str:
    """The text as it is stored.

    Raises Invalid for bytes that are no text and for more than `limit` characters.
    """
    if len(text) > _RAW_LIMIT:
        raise _too_long(field, limit)
    if is_unreadable(text):
        raise unreadable(field)
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    text = _thin_marks(without_steering(text)).strip()
    if len(text) > limit:
        raise _too_long(field, limit)
    return text


def without_steering(text: str) -> str:
    """Without characters that no one sees and that make the others stand elsewhere than they were written."""
    return _STEERING.sub("", text)


def is_unreadable(text: str) -> bool:
    """Whether it holds what no database takes for text: a NUL, or half of a character."""
    if "\x00" in text:
        return True
    return not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text)


def unreadable(field: str) -> Invalid:
    return Invalid(
        "text_unreadable",
        _("This text contains characters that cannot be read. Please type it again."),
        field=field,
    )


def normalise_line(text: str, *, field: str, limit: int = LINE_LIMIT) -> str:
    """As normalise_text(), for a value of one line: every run of white space becomes one space."""
    return " ".join(normalise_text(text, field=field, limit=limit).split())


def email_of(text: str, *, field: str) -> str:
    """One spelling of an address: domain in small letters; empty stays empty. Raises Invalid."""
    text = normalise_line(text, field=field, limit=254)
    if not text:
        return ""
    try:
        _check_email(text)
    except ValidationError as error:
        raise Invalid("email_unreadable", _("This e-mail address is not complete."), field=field) from error
    name, _at, domain = text.rpartition("@")
    return f"{name}@{domain.lower()}"


def _too_long(field: str, limit: int) -> Invalid:
    message = _("This text is too long: at most %(limit)s characters fit here.") % {"limit": limit}
    return Invalid("text_too_long", message, field=field, limit=limit)


def _thin_marks(text: str) -> str:
    if text.isascii():  # holds no marks
        return text
    kept: list[str] = []
    run = 0
    for character in text:
        run = run + 1 if unicodedata.combining(character) else 0
        if run <= _MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept)
