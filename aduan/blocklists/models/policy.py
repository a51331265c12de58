"""What list managers set: the rules of publication, subscriptions, canaries and the kill switch."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aduan.blocklists.models.lists import OPERATOR, ListSeries
from aduan.core.triggers import never_deleted


def _between(field: str, low: int, high: int) -> models.CheckConstraint:
    bounds = Q(**{f"{field}__gte": low, f"{field}__lte": high})
    return models.CheckConstraint(condition=bounds, name=f"rules_{field}_within_reason")


class ListRules(models.Model):
    """When a list must wait for people, and how long for second thoughts.

    One list manager proposes, another agrees; the newest row with two people is in force. Without a row the
    defaults of the code are.

    Anyone who may loosen a guard alone could as well release its holds alone: hence two people, and bounds
    that no two people can pass.
    """

    cooling_off_hours = models.PositiveSmallIntegerField(_("cooling-off time in hours"))
    additions_floor = models.PositiveIntegerField(_("additions that always pass"))
    additions_factor = models.PositiveSmallIntegerField(_("additions, times the usual"))
    additions_ceiling = models.PositiveIntegerField(_("most additions that can pass"))
    removals_floor = models.PositiveIntegerField(_("removals that always pass"))
    removals_percent = models.PositiveSmallIntegerField(_("removals, per cent of the list"))
    prefix_block_limit = models.PositiveIntegerField(_("additions in one block of 10,000 numbers"))
    freed_limit = models.PositiveSmallIntegerField(_("numbers that people may free in a day"), db_default=20)
    urgent_delay_seconds = models.PositiveSmallIntegerField(
        _("seconds in which an urgent block can still be stopped"), db_default=120
    )
    reason = models.CharField(_("reason"), max_length=300)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    agreed_at = models.DateTimeField(null=True)
    # NULL only where the signature is older than these columns.
    proposed_step_up = models.OneToOneField(
        "accounts.StepUpEvidence", on_delete=models.PROTECT, null=True, related_name="+"
    )
    agreed_step_up = models.OneToOneField(
        "accounts.StepUpEvidence", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("rules of publication")
        verbose_name_plural = _("rules of publication")
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(agreed_by=F("proposed_by")), name="two_people_set_rules"),
            models.CheckConstraint(
                condition=Q(agreed_by__isnull=True, agreed_at__isnull=True)
                | Q(agreed_by__isnull=False, agreed_at__isnull=False),
                name="rules_agreed_by_somebody_at_some_time",
            ),
            _between("cooling_off_hours", 0, 72),
            _between("additions_floor", 0, 5_000),
            _between("additions_factor", 1, 10),
            _between("additions_ceiling", 1, 100_000),
            _between("removals_floor", 0, 1_000),
            _between("removals_percent", 0, 25),
            _between("prefix_block_limit", 1, 1_000),
            _between("freed_limit", 1, 100),
            _between("urgent_delay_seconds", 60, 3_600),
        ]
        triggers: ClassVar = [
            never_deleted(),
            pgtrigger.Protect(
                name="agreed_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__agreed_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="proposed_is_final",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["agreed_by", "agreed_at", "agreed_step_up"]),
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class ListSubscription(models.Model):
    """Which kinds of list a receiver gets beside the rule (mobile: blocks; OTT: referrals). Data, not code.

    Without a row, inbound filters are off.
    """

    operator = models.ForeignKey(
        OPERATOR, on_delete=models.PROTECT, related_name="+", verbose_name=_("operator")
    )
    series = models.CharField(_("series"), max_length=10, choices=ListSeries.choices)
    enabled = models.BooleanField(_("enabled"), default=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        verbose_name = _("list subscription")
        verbose_name_plural = _("list subscriptions")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operator", "series"], name="lane_once_per_series")
        ]

    def __str__(self) -> str:
        return f"{self.operator}: {self.series}"


class Canary(models.Model):
    """A number that no one can hold, on one operator's list only.

    When it turns up elsewhere, that list leaked.

    Only from ranges that are unassigned on the day of the build; the build refuses any other. None exist
    unless the ministry enters them.
    """

    operator = models.ForeignKey(
        OPERATOR, on_delete=models.PROTECT, related_name="+", verbose_name=_("operator")
    )
    digits = models.BigIntegerField(_("number"), unique=True)
    since = models.DateField(_("since"))
    until = models.DateField(_("until"))
    category = models.CharField(_("category"), max_length=20)
    case_id = models.BigIntegerField(_("case"))
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    # Of the people who added and ended it; the sandbox's own come and go without a person.
    created_step_up = models.OneToOneField(
        "accounts.StepUpEvidence", on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_step_up = models.OneToOneField(
        "accounts.StepUpEvidence", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("canary number")
        verbose_name_plural = _("canary numbers")

    def __str__(self) -> str:
        return f"{self.operator}: {self.digits}"


class PublicationStop(models.Model):
    """The kill switch: while a row is not lifted, nothing but removals is published."""

    reason = models.CharField(_("reason"), max_length=300)
    stopped_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    stopped_at = models.DateTimeField(_("stopped"))
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    lifted_at = models.DateTimeField(_("lifted"), null=True)
    lifted_step_up = models.OneToOneField(
        "accounts.StepUpEvidence", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("stop of publication")
        verbose_name_plural = _("stops of publication")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lifted_at"],
                condition=Q(lifted_at__isnull=True),
                nulls_distinct=False,
                name="one_stop_at_a_time",
            )
        ]
        triggers: ClassVar = [never_deleted()]

    def __str__(self) -> str:
        return self.reason
