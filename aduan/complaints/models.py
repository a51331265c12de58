"""What citizens sent: complaints, their evidence and contact. Personal data is encrypted (core.vault).

Every encrypted column is bound to its row by the ticket (complaints) or the uid (evidence): see `aad_for`.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.complaints.retention_policy import RetentionPolicy as RetentionPolicy
from aduan.complaints.types import Channel, Disposition, EvidenceNote, EvidenceRefusal
from aduan.core import request_ids, vault
from aduan.core.triggers import append_only


class Complaint(models.Model):
    """One complaint. `ticket` is public to its owner; of the secret only a digest is kept.

    `duplicate_of` is the first complaint of the same source about the same number: linked, not counted.
    """

    class DuplicateReason(models.TextChoices):
        CONTACT = "contact", _("same contact")
        DEVICE = "device", _("same device")
        NETWORK = "network", _("same network on the same day")
        EVIDENCE = "evidence", _("same file")
        TEXT = "text", _("same text")
        PICTURE = "picture", _("same picture")
        AGENCY = "agency", _("same reporting organisation")

    ticket = models.CharField(_("ticket"), max_length=10, unique=True)
    secret_digest = models.BinaryField(max_length=32)
    idempotency_key = models.UUIDField(unique=True)
    body_digest = models.BinaryField(max_length=32)
    number = models.ForeignKey("numbers.PhoneNumber", on_delete=models.PROTECT, related_name="+")
    number_raw = models.CharField(max_length=200)
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+", db_index=False)
    disposition = models.CharField(max_length=8, choices=Disposition.choices)
    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    category = models.CharField(_("category"), max_length=20)
    occurred_at = models.DateTimeField(_("when"), null=True, blank=True)
    narrative = models.TextField(_("what happened"), max_length=4000, blank=True)
    loss = models.BigIntegerField(_("loss in rupiah"), null=True, blank=True)
    loss_text = models.CharField(_("loss as written"), max_length=60, blank=True, default="", db_default="")
    link = models.CharField(_("link"), max_length=500, blank=True)
    bank_account = models.CharField(_("bank account"), max_length=80, blank=True)
    language = models.CharField(max_length=2, default="id")
    filed_at = models.DateTimeField(_("received"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    still_active_at = models.DateTimeField(null=True, blank=True)
    # Put under this number by two people: it was filed under another.
    moved_at = models.DateTimeField(null=True, blank=True)
    erased_at = models.DateTimeField(null=True, blank=True)
    legal_hold_reason = models.CharField(
        max_length=200, blank=True, help_text="A court or an inquiry needs it: not purged."
    )

    # Personal data: encrypted under a key of its own, plus keyed digests to find "everything of this person".
    subject_key = models.BinaryField(null=True)
    email_encrypted = models.BinaryField(null=True)
    phone_encrypted = models.BinaryField(null=True)
    email_index = models.BinaryField(max_length=32, null=True)
    phone_index = models.BinaryField(max_length=32, null=True)
    email_confirmed_at = models.DateTimeField(null=True, blank=True)
    phone_confirmed_at = models.DateTimeField(null=True, blank=True)

    # Duplicates are linked, not counted.
    text_bands = ArrayField(models.IntegerField(), null=True)
    duplicate_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="duplicates", db_index=False
    )
    duplicate_reason = models.CharField(max_length=8, choices=DuplicateReason.choices, blank=True)
    # Its source complains about many numbers: see services.mass_reporters.
    mass_reporter = models.BooleanField(default=False, db_default=False)

    class Meta:
        verbose_name = _("complaint")
        verbose_name_plural = _("complaints")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(loss__isnull=True) | Q(loss__gte=0), name="loss_not_negative"),
            models.CheckConstraint(
                condition=Q(subject_key__isnull=False)
                | Q(email_encrypted__isnull=True, phone_encrypted__isnull=True),
                name="no_contact_without_key",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "id"], name="complaint_in_case"),
            models.Index(fields=["filed_at"], name="complaint_filed"),
            models.Index(
                fields=["email_index"], name="complaint_email", condition=Q(email_index__isnull=False)
            ),
            models.Index(
                fields=["phone_index"], name="complaint_phone", condition=Q(phone_index__isnull=False)
            ),
            models.Index(
                fields=["duplicate_of"], name="complaint_duplicates", condition=Q(duplicate_of__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return self.ticket

    @property
    def here_since(self) -> dt.datetime:
        """Since when it is in its case: what was announced there before is not its own."""
        return self.moved_at or self.filed_at

    @property
    def topic(self) -> str:
        """What the messages about it can be switched off by."""
        return f"complaint:{self.pk}"

    def aad_for(self, column: str) -> str:
        return vault.aad_for("complaints_complaint", column, self.ticket)


class SourceFingerprint(models.Model):
    """A source of complaints about one number, as a keyed digest; the first complaint of the source owns it.

    `value` is 16 bytes. The network's digest changes every day, so that it cannot become a location history.
    """

    class Kind(models.IntegerChoices):
        CONTACT = 1, _("contact")
        DEVICE = 2, _("device")
        NETWORK = 3, _("network of one day")
        EVIDENCE = 4, _("file")
        TEXT = 5, _("text")
        AGENCY = 6, _("reporting organisation")

    pk = models.CompositePrimaryKey("kind", "value", "number_id")
    kind = models.PositiveSmallIntegerField(choices=Kind.choices)
    value = models.BinaryField(max_length=16)
    number = models.ForeignKey(
        "numbers.PhoneNumber", on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    complaint_id = models.BigIntegerField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["complaint_id"], name="fingerprint_of_complaint")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.complaint_id}"


class ComplaintUpdate(models.Model):
    """Text that the complainant added after filing. It is evidence and is not changed."""

    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="updates")
    text = models.TextField(max_length=4000)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.at:%Y-%m-%d}"


class Evidence(models.Model):
    """One file that came with a complaint or with an objection. Reviewers only ever see the clean derivative.

    The original is on disk only as ciphertext under `subject_key`; deleting that key shreds it wherever it
    was copied to. `uid` names the files.
    """

    class State(models.TextChoices):
        QUARANTINED = "quarantined", _("being checked")
        CLEAN = "clean", _("ready")
        REFUSED = "refused", _("could not be used")

    class Medium(models.TextChoices):
        IMAGE = "image", _("picture")
        SOUND = "sound", _("recording")
        VIDEO = "video", _("video")
        PDF = "pdf", _("PDF")
        TEXT = "text", _("text")

    Note = EvidenceNote
    Refusal = EvidenceRefusal

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, null=True, related_name="evidence")
    # Of aduan.appeals, which this package cannot name: their `uid`.
    objection = models.UUIDField(null=True)
    # Its owner's, which never changes: a gallery need not walk through fifty thousand complaints.
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUARANTINED)
    medium = models.CharField(max_length=5, choices=Medium.choices)
    kind = models.CharField(max_length=5)
    name = models.CharField(max_length=120)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    subject_key = models.BinaryField(null=True)
    original = models.CharField(max_length=200, blank=True)
    derivative = models.CharField(max_length=200, blank=True)
    thumbnail = models.CharField(max_length=200, blank=True)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    picture_hash = models.BigIntegerField(null=True)
    picture_hash_mirrored = models.BigIntegerField(null=True)
    refusal = models.CharField(max_length=20, choices=Refusal.choices, blank=True)
    note = models.CharField(max_length=12, choices=Note.choices, blank=True, db_default="")
    attempts = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    received_at = models.DateTimeField()
    examined_at = models.DateTimeField(null=True, blank=True)
    shredded_at = models.DateTimeField(null=True, blank=True)
    # What was read on it by machine: a text of the complainant's, kept and erased as the narrative is.
    text_read = models.TextField(blank=True, db_default="")
    request_id = models.CharField(
        max_length=request_ids.MAX_LENGTH, blank=True, db_default="", default=request_ids.current_request_id
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_try_at"], name="evidence_waiting", condition=Q(state="quarantined")),
            models.Index(fields=["sha256"], name="evidence_same_file"),
            models.Index(fields=["picture_hash"], name="evidence_alike", condition=~Q(picture_hash=None)),
            models.Index(fields=["case", "state", "-id"], name="evidence_of_case"),
            models.Index(
                fields=["objection"], name="evidence_of_objection", condition=Q(objection__isnull=False)
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="evidence_has_one_owner",
                condition=Q(complaint__isnull=False, objection=None)
                | Q(complaint=None, objection__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.complaint_id}: {self.name}"

    def aad_for(self, column: str) -> str:
        return vault.aad_for("complaints_evidence", column, self.uid)


class EvidencePart(models.Model):
    """A page of a long picture or PDF, a still or the sound track of a video: clean like a derivative."""

    class Role(models.TextChoices):
        PAGE = "page", _("page")
        STILL = "still", _("scene")
        SOUND = "sound", _("sound track")

    evidence = models.ForeignKey(Evidence, on_delete=models.CASCADE, related_name="parts")
    position = models.PositiveSmallIntegerField()  # from 1
    role = models.CharField(max_length=5, choices=Role.choices)
    kind = models.CharField(max_length=5)
    file = models.CharField(max_length=200)
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    second = models.FloatField(default=0)  # of a still, from the start of the video

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["evidence", "position"], name="one_part_per_position")
        ]

    def __str__(self) -> str:
        return f"{self.evidence_id}: {self.role} {self.position}"


class ContactAccess(models.Model):
    """A member of staff looked at a complainant's contact, and why.

    The reason may name people, so the audit log cannot hold it: it is encrypted under the complaint's own key
    and goes when the contact goes. That a person looked, when and at what, stays here and in the audit log.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    complaint = models.ForeignKey(Complaint, on_delete=models.PROTECT, related_name="contact_accesses")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason_encrypted = models.BinaryField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["by", "at"], name="contact_access_by_user")]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.complaint_id} {self.at:%Y-%m-%d}"

    def aad_for(self, column: str) -> str:
        return vault.aad_for("complaints_contactaccess", column, self.uid)
