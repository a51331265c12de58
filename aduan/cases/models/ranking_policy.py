"""How the queue is ordered, as leads set it. Ranking only orders: it decides and hides nothing."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from aduan.cases.models.shadow_ranker import RankerLost
from aduan.cases.ranking import DEFAULT_WEIGHTS
from aduan.core.triggers import append_only

_MOST_POINTS: Final = 1000


def _weight(name: str) -> models.PositiveSmallIntegerField[int, int]:
    return models.PositiveSmallIntegerField(default=DEFAULT_WEIGHTS[name])


class RankingPolicy(models.Model):
    """The weights of `aduan.cases.ranking` and how *next* draws; the newest row holds, or the defaults.

    Of a hundred cases that are given out, `oldest_percent` are those that have waited longest and
    `random_percent` any; before all of them come those that have waited more than `longest_days`.
    """

    independent = _weight("independent")
    confirmed = _weight("confirmed")
    evidence = _weight("evidence")
    reported_loss = _weight("reported_loss")
    recent = _weight("recent")
    objection = _weight("objection")
    reopened = _weight("reopened")
    minutes_per_point = _weight("minutes_per_point")
    oldest_percent = models.PositiveSmallIntegerField(default=20)
    random_percent = models.PositiveSmallIntegerField(default=5)
    longest_days = models.PositiveSmallIntegerField(default=30)
    # What the ranker learnt takes the place of the points of the facts; `learnt_order_earned` says when.
    by_ranker = models.BooleanField(default=False, db_default=False)
    reason = models.CharField(max_length=500)
    # NULL: the application took the order away from the ranker, which no longer earned it.
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    set_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="ranking_weights_are_bounded",
                condition=Q(
                    **{f"{name}__lte": _MOST_POINTS for name in DEFAULT_WEIGHTS}, minutes_per_point__gte=1
                ),
            ),
            models.CheckConstraint(
                name="ranking_never_forgets_the_oldest",
                condition=Q(oldest_percent__gte=5, longest_days__gte=2, longest_days__lte=365)
                & Q(random_percent__lte=90 - F("oldest_percent")),
            ),
            models.CheckConstraint(
                name="ranker_put_in_force_by_a_person",
                condition=Q(by_ranker=False) | Q(set_by__isnull=False),
            ),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.set_at:%Y-%m-%d}: {self.reason}"

    @property
    def why(self) -> str:
        """The reason in the reader's language, where the application gave it."""
        return self.reason if self.set_by_id else str(RankerLost(self.reason).label)

    @classmethod
    def current(cls) -> RankingPolicy:
        return cls.objects.order_by("-pk").first() or cls()
