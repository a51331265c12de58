"""Validation of a complaint: texts normalised and checked, contacts in one spelling."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from aduan.complaints import categories
from aduan.complaints.types import CHANNEL_CODES, LINE_FIELDS, ComplaintData
from aduan.core.errors import DomainError, Invalid
from aduan.core.text import email_of, normalise_line, normalise_text
from aduan.numbers import parsing

MAX_LOSS: Final = 10**13  # rupiah; a slip of the finger beyond this
_EARLIEST: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_CLOCK_SLACK: Final = dt.timedelta(hours=24)  # "now" on a phone in another time zone
_LANGUAGES: Final = frozenset({"id", "en"})


def validate(data: ComplaintData, *, at: dt.datetime) -> ComplaintData:
    """The same complaint with normalised texts and contacts. Raises Invalid with the `field` to mend."""
    if data.channel not in CHANNEL_CODES:
        raise Invalid("channel_unknown", _("Please choose how they reached you."), field="channel")
    changes: dict[str, Any] = {
        name: normalise_line(getattr(data, name), field=name, limit=limit)
        for name, limit in LINE_FIELDS.items()
    }
    return replace(
        data,
        number_raw=normalise_line(data.number_raw, field="number")[:200],
        category=categories.named(data.category).code,
        narrative=normalise_text(data.narrative, field="narrative"),
        occurred_at=_occurred(data.occurred_at, at),
        loss=_loss(data.loss),
        contact_email=_email_of(data.contact_email),
        contact_phone=phone_of(data.contact_phone),
        language=data.language if data.language in _LANGUAGES else "id",
        **changes,
    )


def _email_of(text: str) -> str:
    if "@" not in text and parsing.has_digits_of_number(text):
        raise Invalid(
            "phone_as_email",
            _("This is a phone number; there is a field of its own for it."),
            field="contact_email",
        )
    return email_of(text, field="contact_email")


def phone_of(text: str) -> str:
    """E.164 of the person's own mobile number, or empty. Raises Invalid."""
    text = normalise_line(text, field="contact_phone", limit=40)
    if not text:
        return ""
    if "@" in text:
        raise Invalid(
            "email_as_phone",
            _("This is an e-mail address; there is a field of its own for it."),
            field="contact_phone",
        )
    try:
        parsed = parsing.parse(text)
    except DomainError as error:
        raise Invalid(
            "phone_unreadable", _("This phone number cannot be read."), field="contact_phone"
        ) from error
    if parsed.kind != "mobile":
        raise Invalid("phone_not_mobile", _("Please give a mobile number."), field="contact_phone")
    return str(parsed.canonical)


def _occurred(occurred_at: dt.datetime | None, at: dt.datetime) -> dt.datetime | None:
    if occurred_at is None:
        return None
    if occurred_at > at + _CLOCK_SLACK:
        raise Invalid("occurred_later", _("This date is still to come."), field="occurred_at")
    if occurred_at < _EARLIEST:
        raise Invalid("occurred_long_ago", _("Please check the year."), field="occurred_at")
    return occurred_at


def _loss(loss: int | None) -> int | None:
    if loss is not None and not 0 <= loss <= MAX_LOSS:
        raise Invalid("loss_unlikely", _("Please check the amount, in rupiah."), field="loss")
    return loss
