"""What the shadow ranker said of the queue, night by night, and what became of it.

It learns from the ministry's own decisions and is compared with the rank by points. It decides and hides
nothing; a lead may let it order the queue once it has earned that.
"""

from __future__ import annotations

from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aduan.cases.models.case import Case

# What it must find of a week's blocks in the first fifth of the queue; `learnt_order_earned` repeats it.
FOUND_PERCENT: Final = 80
MORE_THAN_POINTS: Final = 10  # percent of the blocks
FEWEST_BLOCKS: Final = 30  # a week with fewer says nothing
FEWEST_OF_EACH: Final = 50  # blocks, and other decisions; with fewer there is nothing to learn


class RankerLost(models.TextChoices):
    """Why the application took the order of the queue away from the ranker."""

    STALE = "stale", _("For three days the ranker has not read the queue.")
    FINDS_TOO_LITTLE = "too_little", _("The ranker no longer finds enough more blocks than the points do.")


class RankerRun(models.Model):
    """One night. The last four are filled a week later; `found_*` are blocks in the first fifth of the queue.

    `chances` has a row for each fifth of the scale: how many cases it gave such a chance, the sum of the
    chances per mille, and how many of them were blocked within the week.
    """

    class State(models.TextChoices):
        LEARNT = "learnt", _("learnt, and read the queue")
        TOO_FEW = "too_few", _("too few decisions to learn from")
        NOT_INSTALLED = "absent", _("scikit-learn is not installed in the worker")

    day = models.DateField(unique=True)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices)
    decisions = models.PositiveIntegerField(default=0)  # it learnt from
    blocks = models.PositiveIntegerField(default=0)  # among them
    placed = models.PositiveIntegerField(default=0)  # open cases it read
    compared_at = models.DateTimeField(null=True)
    blocked = models.PositiveIntegerField(null=True)  # of those it read, within the week
    found_by_points = models.PositiveIntegerField(null=True)
    found_by_ranker = models.PositiveIntegerField(null=True)
    chances = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="ranker_found_no_more_than_blocked",
                condition=Q(compared_at__isnull=True)
                | Q(
                    found_by_points__lte=F("blocked"),
                    found_by_ranker__lte=F("blocked"),
                    blocked__isnull=False,
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.state}"

    @property
    def tells(self) -> bool:
        """Whether the week had enough blocks to compare anything."""
        return (self.blocked or 0) >= FEWEST_BLOCKS

    @property
    def earned(self) -> bool:
        """Whether it found enough of them, and enough more than the points did."""
        blocked, found = self.blocked or 0, self.found_by_ranker or 0
        more = found - (self.found_by_points or 0)
        return (
            self.tells and found * 100 >= FOUND_PERCENT * blocked and more * 100 >= MORE_THAN_POINTS * blocked
        )


class RankerPlace(models.Model):
    """Where a case stood that night, by points and by the ranker. Deleted once they are compared."""

    run = models.ForeignKey(RankerRun, on_delete=models.PROTECT, related_name="places", db_index=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+", db_index=False)
    chance = models.PositiveSmallIntegerField()  # of a block, per mille
    by_points = models.PositiveIntegerField()
    by_ranker = models.PositiveIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "case"], name="ranker_places_a_case_once")
        ]

    def __str__(self) -> str:
        return f"{self.run_id}: {self.case_id}"
