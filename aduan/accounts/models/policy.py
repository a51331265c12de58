"""What is asked of people before their signatures count: data, changed by the database's owner only."""

from __future__ import annotations

import datetime as dt
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

WAITING_HOURS = 24


class AccountPolicy(models.Model):
    """One row at most; without it, and in triggers too, the defaults below are in force.

    The owner of the tables writes it (docs/operations/people.md); the application's role only reads it.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    waiting_hours = models.PositiveSmallIntegerField(
        default=WAITING_HOURS,
        db_default=WAITING_HOURS,
        help_text="Hours between a grant and the first signature that counts.",
    )
    password_steps_up = models.BooleanField(
        default=False, db_default=False, help_text="A password is enough for a step-up: demonstrations only."
    )
    mail_domains = ArrayField(
        models.CharField(max_length=253),
        default=list,
        db_default=[],
        help_text="Domains of official mailboxes, lower case; empty: any.",
    )

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=Q(id=1), name="one_account_policy")]

    def __str__(self) -> str:
        return f"{self.waiting_hours} h"

    @classmethod
    def current(cls) -> AccountPolicy:
        return cls.objects.first() or cls()

    @property
    def waiting(self) -> dt.timedelta:
        return dt.timedelta(hours=self.waiting_hours)

    @property
    def demonstration(self) -> bool:
        """Whether something is asked here that production refuses to start with."""
        return self.password_steps_up or self.waiting_hours < WAITING_HOURS
