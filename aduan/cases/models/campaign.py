"""Campaigns: cases that share texts, links or accounts, so that they can be read together."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from aduan.cases.models.case import Case


class Campaign(models.Model):
    """One author, probably: several numbers with nearly the same story. Complaints tells of them."""

    found_at = models.DateTimeField()
    grown_at = models.DateTimeField()
    size = models.PositiveIntegerField(default=0)
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return f"C-{self.pk}"


class CampaignLink(models.Model):
    """Why a case belongs to a campaign: what kind of thing it shares, and how nearly. Never a text."""

    class Kind(models.TextChoices):
        TEXT = "text", _("nearly the same text")
        LINK = "link", _("the same link")
        ACCOUNT = "account", _("the same bank account")
        PICTURE = "picture", _("nearly the same picture")
        TOGETHER = "together", _("named in one complaint")

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="links")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="campaign_link")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    similarity = models.PositiveSmallIntegerField(help_text="0 to 100")
    linked_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["campaign", "case"], name="campaign_cases")]

    def __str__(self) -> str:
        return f"{self.case_id} in {self.campaign_id}"
