"""Who watches the reviewers: quality reviews drawn at random, alarms; and the reasons they pick from."""

from __future__ import annotations

from typing import ClassVar

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.cases.models.case import Case, CaseEvent
from aduan.cases.notices import TEXT_MAX, NoticeText
from aduan.cases.workflow import CaseAction


class QualityReview(models.Model):
    """A decision that goes to a further person some days later: one in twenty, and some closures always."""

    event = models.OneToOneField(CaseEvent, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="quality_reviews")
    deciders = models.JSONField(default=list)
    show_from = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True)
    agrees = models.BooleanField(null=True)
    reason = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["show_from", "id"],
                name="quality_review_waiting",
                condition=Q(reviewed_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.event_id}"


class Alarm(models.Model):
    """Something about a person's work that a lead must look at. Written in a transaction that lasts."""

    class Kind(models.TextChoices):
        RUBBER_STAMP = "rubber_stamp", _("many signatures within a minute")
        BULK = "bulk", _("many cases closed or asked within a day")
        CONTACTS_REVEALED = "contacts_revealed", _("many contacts opened within a day")
        NEW_DECIDER = "new_decider", _("received a role that decides about numbers or lists")
        LIST_REJECTED = "list_rejected", _("rejected a list that waited")

    kind = models.CharField(max_length=40, choices=Kind.choices)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()
    detail = models.JSONField(default=dict)
    seen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    seen_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["-at"], name="alarm_unseen", condition=Q(seen_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.at}"


@pghistory.track()
class CannedReason(models.Model):
    """A reason that reviewers pick instead of typing, per act and category, in both languages.

    Each version is kept: a decision shows the text that was offered when it was made.
    `text_*` is for colleagues; `notice_*` is what the complainants read, the act's standard text when empty.
    """

    code = models.SlugField(_("code"), max_length=40, unique=True)
    action = models.CharField(_("step"), max_length=20, choices=CaseAction.choices)
    category = models.CharField(_("category"), max_length=20, blank=True)
    text_id = models.TextField(_("text in Indonesian"))
    text_en = models.TextField(_("text in English"))
    notice_id = models.TextField(
        _("for the complainants, in Indonesian"), max_length=TEXT_MAX, blank=True, default="", db_default=""
    )
    notice_en = models.TextField(
        _("for the complainants, in English"), max_length=TEXT_MAX, blank=True, default="", db_default=""
    )
    next_steps = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("what they can do"),
        default=list,
        blank=True,
        db_default=[],
    )
    active = models.BooleanField(_("offered"), default=True)

    class Meta:
        ordering: ClassVar = ["action", "code"]
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")

    def __str__(self) -> str:
        return self.code

    @property
    def notice(self) -> NoticeText:
        return NoticeText(self.notice_id, self.notice_en, tuple(self.next_steps))
