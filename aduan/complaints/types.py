"""What goes into a complaint and what comes back: plain values shared with every interface. Pure."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, BinaryIO, Final

from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django_stubs_ext import StrOrPromise

    from aduan.cases.next_steps import NextStep
    from aduan.numbers.parsing import Parsed


class Channel(models.TextChoices):
    """How the reported number reached the person."""

    SMS = "sms", _("SMS")
    CALL = "call", _("Phone call")
    WHATSAPP = "whatsapp", _("WhatsApp")
    TELEGRAM = "telegram", _("Telegram")
    OTHER = "other", _("Something else")


CHANNEL_CODES: Final = frozenset(Channel.values)  # `values` makes its list, with all words, whenever asked


@dataclass(frozen=True, slots=True)
class ComplaintData:
    """One complaint: as it was typed, and after `services.validation.validate` as it is stored."""

    number: Parsed
    number_raw: str
    channel: str
    category: str
    narrative: str = ""
    occurred_at: dt.datetime | None = None  # aware
    loss: int | None = None  # whole rupiah
    loss_text: str = ""  # what was written where no amount is sure
    link: str = ""
    bank_account: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    language: str = "id"


# Optional one-line texts and how many characters each may have: checked, stored, shown and erased alike.
LINE_FIELDS: Final = MappingProxyType({"link": 500, "bank_account": 80, "loss_text": 60})


READY_NARRATIVE_LENGTH: Final = 60  # characters from which on reviewers can begin without a file


def can_be_reviewed(narrative: str, *, files: int) -> bool:
    """Whether a complaint holds what the 24 hours begin with: a file, or a story that is long enough."""
    return files > 0 or len(narrative) >= READY_NARRATIVE_LENGTH


@dataclass(frozen=True, slots=True)
class Upload:
    """One file as it arrived. `file` is read from its start; `name` is shown back, never used as a path."""

    name: str
    size: int
    file: BinaryIO
    text_read: str = ""  # by machine, on a picture that waited for its form


@dataclass(frozen=True, slots=True)
class ClientIdentity:
    """What is known of the client, to link complaints of one source. Stored as keyed digests."""

    address: str = ""  # the client's IP address
    device: str = ""  # a random cookie, empty without one
    agency: str = ""  # code of the organisation that reports, empty for a person


class ContactWay(models.TextChoices):
    """One of the contacts that a complainant can leave."""

    EMAIL = "email", _("e-mail")
    PHONE = "phone", _("phone")


class Disposition(models.TextChoices):
    """What will become of a complaint, by the kind of its number."""

    REVIEW = "review", _("reviewed by two people")
    # No one can be obliged, so a platform or a partner is asked.
    REFERRAL = "referral", _("reviewed and referred")
    # An official number: never blocked.
    SPOOFING = "spoofing", _("recorded as suspected spoofing")
    # Kept for statistics and campaigns: this kind of number cannot be blocked.
    RECORD = "record", _("recorded only")


class EvidenceNote(models.TextChoices):
    """What the clean derivative leaves out of the original."""

    FIRST_FRAME = "first_frame", _("The picture moves; this is its first frame.")
    FIRST_PAGES = "first_pages", _("These are the first 10 pages.")
    STILLS = "stills", _("These are the scenes of the video, without what moved between them.")
    STILLS_CUT = "stills_cut", _("The video has more scenes than these.")


class EvidenceRefusal(models.TextChoices):
    """Why a file could not be used."""

    VIRUS = "virus", _("it contains malware")
    FILE_TYPE = "file_type", _("this type of file is not accepted")
    NOT_A_PICTURE = "not_a_picture", _("it is not a picture")
    DAMAGED_PICTURE = "damaged_picture", _("the picture is damaged")
    TOO_MANY_PIXELS = "too_many_pixels", _("the picture is too large")
    NOT_A_RECORDING = "not_a_recording", _("it is not a recording")
    NOT_A_VIDEO = "not_a_video", _("it is not a video")
    DAMAGED_VIDEO = "damaged_video", _("the video is damaged")
    VIDEO_TOO_LONG = "video_too_long", _("the video is longer than 60 s")
    DAMAGED_PDF = "damaged_pdf", _("the PDF is damaged")
    PDF_LOCKED = "pdf_locked", _("the PDF is locked with a password")
    NOT_A_TEXT = "not_a_text", _("it is not a text")
    TOO_HEAVY = "too_heavy", _("it needs too much memory")
    TOO_SLOW = "too_slow", _("it takes too long to read")
    UNREADABLE = "unreadable", _("it cannot be read")
    LOST = "lost", _("the file is no longer on disk")


@dataclass(frozen=True, slots=True)
class Receipt:
    """Shown once. `secret` opens the tracking page together with the ticket."""

    complaint_id: int
    ticket: str
    secret: str
    disposition: Disposition
    message: StrOrPromise  # what happens next, for a person
    repeated: bool = False  # this very form had arrived before; nothing was filed twice


@dataclass(frozen=True, slots=True)
class NumberAlso:
    """One more number of the same scam: as it was read, and as it was typed."""

    number: Parsed
    typed: str


@dataclass(frozen=True, slots=True)
class FiledTogether:
    """What filing several numbers gives: the receipt of the first, and one for each of the others."""

    receipt: Receipt
    others: tuple[Receipt, ...] = ()
    left_out: int = 0  # numbers beyond the most that one complaint may name


@dataclass(frozen=True, slots=True)
class Hint:
    """One thing that would make a complaint stronger."""

    code: str
    message: StrOrPromise
    reason: StrOrPromise
    field: str


@dataclass(frozen=True, slots=True)
class TimelineStep:
    """One line of the timeline, as components/timeline.html shows it.

    `at` is empty for what is still to come and for what happened before the complaint; `until` is a promise:
    at the latest then. `next_list` is the day of the next monthly list.
    """

    code: str
    title: StrOrPromise
    text: StrOrPromise = ""  # what it means, and how long it may take
    at: dt.datetime | None = None
    state: str = "done"  # done | now | todo
    basis: str = ""  # the rule of law behind it
    until: dt.datetime | None = None
    missed: bool = False  # `until` has passed
    next_list: dt.date | None = None
    next_steps: Sequence[NextStep] = ()  # what the complainant can do now


@dataclass(frozen=True, slots=True)
class EvidenceStatus:
    """A file of a complaint as its sender may see it: the state, never the content."""

    id: uuid.UUID
    name: str
    size: int
    state: str
    state_label: StrOrPromise
    reason: StrOrPromise = ""  # why it could not be used, and
    advice: StrOrPromise = ""  # what to send instead


@dataclass(frozen=True, slots=True)
class Progress:
    """The tracking page: what is known and what may still be done."""

    complaint_id: int
    ticket: str
    number: str
    operator: str
    category: str
    channel: str
    received_at: dt.datetime
    disposition: Disposition
    message: StrOrPromise
    steps: list[TimelineStep]
    evidence: list[EvidenceStatus] = field(default_factory=list)
    asked: str = ""  # what the reviewers still need, in their words
    email_shown: str = ""  # masked
    email_confirmed: bool = False
    phone_shown: str = ""  # masked
    phone_confirmed: bool = False
    may_complete: bool = False
    may_withdraw: bool = False
    may_say_still_active: bool = False
    case_id: int | None = None  # for the list's and the operators' answers, which this package cannot see
