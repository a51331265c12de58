"""Who says that a number has a new holder, and what waits for a person because too much was said at once."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aduan.accounts.step_up import is_application_mac
from aduan.cases.models.case import Case
from aduan.core.triggers import never_deleted


class RecycledNotice(models.Model):
    """One word that the number of a case was given to a new holder, of an operator or of its interface.

    Up to a daily ceiling for each operator it counts at once; above it, it waits for a person (`waiting`).
    """

    class Source(models.TextChoices):
        OPERATOR = "operator", _("notice of the operator")
        INTERFACE = "interface", _("number recycling interface")

    class State(models.TextChoices):
        APPLIED = "applied", _("counted at once")
        WAITING = "waiting", _("waits for a person")
        CONFIRMED = "confirmed", _("confirmed by a person")
        DECLINED = "declined", _("not believed")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey("operators.Operator", on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=9, choices=Source.choices)
    state = models.CharField(max_length=9, choices=State.choices)
    received_at = models.DateTimeField()
    detail = models.JSONField(default=dict)
    mac = models.BinaryField(null=True, unique=True, editable=False)  # accounts.step_up.application_mac
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"], condition=Q(state="waiting"), name="one_waiting_notice_per_case"
            ),
            models.CheckConstraint(
                name="notice_settled_by_a_person",
                condition=Q(state__in=["applied", "waiting"], settled_by=None, settled_at=None)
                | Q(state__in=["confirmed", "declined"], settled_by__isnull=False, settled_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["operator", "received_at"], name="recycled_of_day"),
            models.Index(fields=["received_at"], name="recycled_waiting", condition=Q(state="waiting")),
        ]
        triggers: ClassVar = [
            never_deleted(),
            pgtrigger.Protect(
                name="settled_once", operation=pgtrigger.Update, condition=~pgtrigger.Q(old__state="waiting")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_id} {self.state}"

    @property
    def word(self) -> tuple[str, str | int | dt.datetime, int, str, dt.datetime]:
        """What the application's code is over, where the application itself took the word."""
        return "new_holder_word", self.case_id, self.operator_id, str(self.source), self.received_at

    @property
    def may_be_believed(self) -> bool:
        """By one person: the application itself took the word."""
        return is_application_mac(self.mac, *self.word)
