"""From what a person typed to what is stored: tidied, checked, with contacts in one spelling."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from aduan.complaints import categories
from aduan.complaints.types import Channel, Report
from aduan.core import vault
from aduan.core.contacts import mailbox_of
from aduan.core.errors import DomainError, Invalid
from aduan.core.text import email_of, normalise_line, normalise_text
from aduan.numbers import parsing

if TYPE_CHECKING:
    from aduan.numbers.parsing import Parsed

MAX_LOSS: Final = 10**13  # rupiah; a slip of the finger beyond this
_EARLIEST: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
_CLOCK_SLACK: Final = dt.timedelta(hours=24)  # "now" on a phone in another time zone
_LANGUAGES: Final = frozenset({"id", "en"})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A report that can be stored as it stands."""

    number: Parsed
    number_raw: str
    channel: str
    category: str
    narrative: str
    occurred_at: dt.datetime | None
    loss: int | None
    link: str
    bank_account: str
    email: str
    phone: str
    language: str

    @property
    def email_index(self) -> bytes | None:
        return vault.blind_index("email", mailbox_of(self.email)) if self.email else None

    @property
    def phone_index(self) -> bytes | None:
        return vault.blind_index("phone", self.phone) if self.phone else None

    @property
    def contacts(self) -> list[bytes]:
        return [index for index in (self.email_index, self.phone_index) if index]

    def fingerprint(self) -> list[str]:
        """What makes two sendings of a form the same."""
        said = (self.number.canonical, self.channel, self.category, self.narrative, self.link)
        occurred = self.occurred_at.isoformat() if self.occurred_at else ""
        return [*said, self.bank_account, self.email, self.phone, occurred, str(self.loss)]


def validate(report: Report, *, at: dt.datetime) -> Prepared:
    """Raises Invalid with the `field` that a form can point at."""
    if report.channel not in Channel.values:
        raise Invalid("channel_unknown", _("Please choose how they reached you."), field="channel")
    return Prepared(
        number=report.number,
        number_raw=normalise_line(report.number_raw, field="number")[:200],
        channel=report.channel,
        category=categories.named(report.category).code,
        narrative=normalise_text(report.narrative, field="narrative"),
        occurred_at=_occurred(report.occurred_at, at),
        loss=_loss(report.loss),
        link=normalise_line(report.link, field="link"),
        bank_account=normalise_line(report.bank_account, field="bank_account", limit=80),
        email=email_of(report.contact_email, field="contact_email"),
        phone=phone_of(report.contact_phone),
        language=report.language if report.language in _LANGUAGES else "id",
    )


def phone_of(text: str) -> str:
    """E.164 of the person's own mobile number, or empty. Raises Invalid."""
    text = normalise_line(text, field="contact_phone", limit=40)
    if not text:
        return ""
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
