"""A referral, the answers to it, and what the ministry wrote back."""

from __future__ import annotations

import uuid
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.core.triggers import append_only, never_deleted
from aduan.referrals.codes import MAX_NOTE, NEEDS_NOTE, UNPROVEN, AnswerWay, PlatformAnswer


class Referral(models.Model):
    """One account or number that a platform is asked to act on: what stands in a confirmed `cases.Block`.

    The content never changes. `current` is the newest answer that counts (see `sql/referral_current`); None
    is "not yet answered". `withdrawn_at`: the decision was released, so that nothing is asked any more.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True)
    block = models.OneToOneField("cases.Block", on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey("cases.Case", on_delete=models.PROTECT, related_name="+")
    platform = models.ForeignKey("operators.Operator", on_delete=models.PROTECT, related_name="+")
    account = models.CharField(_("account or number"), max_length=80)
    category = models.CharField(_("category"), max_length=20)
    # Message-ID of the first mail, by which replies are found.
    mail_id = models.CharField(max_length=120, unique=True)
    ground = models.CharField(_("ground"), max_length=40)
    evidence = models.JSONField(default=dict)
    made_at = models.DateTimeField(_("asked"))
    asked_again_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    current = models.OneToOneField(
        "ReferralAnswer", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["platform", "-id"], name="referral_of_platform"),
            models.Index(fields=["case"], name="referral_of_case"),
            models.Index(
                fields=["platform", "made_at"],
                name="referral_unanswered",
                condition=Q(current__isnull=True, withdrawn_at__isnull=True),
            ),
        ]
        triggers: ClassVar = [
            never_deleted(),
            pgtrigger.Protect(
                name="content_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["asked_again_at", "withdrawn_at", "current"]),
            ),
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def reference(self) -> str:
        """What people quote: `R-00000012`. Carries no personal data."""
        return f"R-{self.pk:08d}"


class ReferralAnswer(models.Model):
    """One answer as it came in. The platform's own answer counts at once (`accepted`).

    An answer by the link in a mail, or by mail, waits (`accepted` is None) until a person accepts or
    dismisses it.
    """

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(_("answer"), max_length=20, choices=PlatformAnswer.choices)
    note = models.CharField(_("note"), max_length=MAX_NOTE, blank=True)
    acted_at = models.DateTimeField(_("acted"))
    way = models.CharField(_("way"), max_length=6, choices=AnswerWay.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    access_key = models.ForeignKey(
        "operators.AccessKey", on_delete=models.PROTECT, null=True, related_name="+"
    )
    mail = models.ForeignKey("PlatformMail", on_delete=models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField(_("received"))
    accepted = models.BooleanField(null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["id"]
        verbose_name = _("answer of a platform")
        verbose_name_plural = _("answers of platforms")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answer__in=PlatformAnswer.values, way__in=AnswerWay.values),
                name="platform_answer_known",
            ),
            models.CheckConstraint(
                condition=~Q(answer__in=NEEDS_NOTE) | ~Q(note=""), name="platform_answer_says_why"
            ),
            # Without proof of who it is, a person decides; with it, no one needs to.
            models.CheckConstraint(
                condition=Q(way__in=UNPROVEN, accepted=None, settled_by=None, settled_at=None)
                | Q(
                    way__in=UNPROVEN,
                    accepted__isnull=False,
                    settled_by__isnull=False,
                    settled_at__isnull=False,
                )
                | ~Q(way__in=UNPROVEN) & Q(accepted=True, accepted__isnull=False),
                name="unproven_answer_needs_a_person",
            ),
            models.CheckConstraint(
                condition=Q(way__in=UNPROVEN, access_key=None)
                | ~Q(way__in=UNPROVEN) & (Q(by__isnull=False) | Q(access_key__isnull=False)),
                name="proven_answer_has_a_sender",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["id"], name="platform_answer_waiting", condition=Q(accepted__isnull=True)),
            GinIndex(SearchVector("note", config="simple"), name="answer_note_words", condition=~Q(note="")),
        ]
        triggers: ClassVar = [
            never_deleted(),
            pgtrigger.Protect(
                name="settled_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__accepted__isnull=False),
            ),
            pgtrigger.Protect(
                name="answer_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["accepted", "settled_by", "settled_at"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.answer}"


class ReferralReply(models.Model):
    """What a reviewer wrote to a platform that needs more: sent in its thread. Append-only."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="replies")
    answer = models.OneToOneField(ReferralAnswer, on_delete=models.PROTECT, related_name="reply")
    text = models.TextField(max_length=4000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.referral_id} {self.at:%Y-%m-%d}"
