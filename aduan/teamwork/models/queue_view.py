"""How one person likes to see the queue: views of their own, columns, density. It decides nothing."""

from __future__ import annotations

from typing import ClassVar, Final

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

MOST_VIEWS: Final = 20
LONGEST_NAME: Final = 40
LONGEST_ADDRESS: Final = 600


class QueueColumn(models.TextChoices):
    """What a row can show beside its number, its kind of fraud and its clock."""

    OPERATOR = "operator", _("Operator")
    REGION = "region", _("Region")
    RANK = "rank", _("Suggestion")
    INDEPENDENT = "independent", _("Complainants")
    EVIDENCE = "evidence", _("Evidence")
    LOSS = "loss", _("Loss")
    NEWEST = "newest", _("Newest")
    HELD = "held", _("Held by")


def shown_at_first() -> list[str]:
    """All but the region, which few complaints name."""
    return [column.value for column in QueueColumn if column != QueueColumn.REGION]


class SavedView(models.Model):
    """A name for one address of the queue: its view, filters, words and order, as a query string."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    address = models.CharField(max_length=LONGEST_ADDRESS, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("person", Lower("name"), name="one_view_per_name"),
            models.UniqueConstraint(fields=["person", "position"], name="one_view_per_position"),
            models.CheckConstraint(condition=Q(position__range=(1, MOST_VIEWS)), name="few_saved_views"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_view_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class QueueDisplay(models.Model):
    """Rows of one line (`dense`) or with the sentence of the rank, and which columns."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, primary_key=True, related_name="+"
    )
    dense = models.BooleanField(_("one line a row"), default=True)
    columns = ArrayField(models.CharField(max_length=20), default=shown_at_first, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(columns__contained_by=QueueColumn.values), name="queue_columns_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {', '.join(self.columns)}"
