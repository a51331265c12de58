"""How fast one person may decide, close and open contacts: data, changed by two people."""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aduan.core.triggers import append_only

# Lowest and highest of each figure: no two people take a limit away.
PACE_BOUNDS: Final = {
    "signatures_per_minute": (2, 30),
    "closures_per_hour": (1, 100),
    "closures_alarm": (5, 200),
    "contacts_per_day": (1, 100),
    "contacts_alarm": (1, 100),
}


class PaceLimits(models.Model):
    """The newest row is in force; without one, the defaults below. See `cases/sql/pace_two_people`."""

    signatures_per_minute = models.PositiveSmallIntegerField(
        _("signatures of one person in a minute"), default=10
    )
    closures_per_hour = models.PositiveSmallIntegerField(
        _("cases closed in an hour, beyond which each is read again"), default=20
    )
    closures_alarm = models.PositiveSmallIntegerField(
        _("cases closed or asked in a day that alert the leads"), default=50
    )
    contacts_per_day = models.PositiveSmallIntegerField(
        _("contacts that one person opens in a day"), default=30
    )
    contacts_alarm = models.PositiveSmallIntegerField(
        _("contacts opened in a day that alert the leads"), default=15
    )
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("limits of pace")
        verbose_name_plural = _("limits of pace")
        constraints: ClassVar = [
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}__gte": low, f"{name}__lte": high}), name=f"pace_{name}"
                )
                for name, (low, high) in PACE_BOUNDS.items()
            ),
            models.CheckConstraint(
                condition=Q(contacts_alarm__lte=F("contacts_per_day")), name="pace_alarm_before_the_end"
            ),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%d}"

    @classmethod
    def current(cls) -> PaceLimits:
        return cls.objects.order_by("-pk").first() or cls()
