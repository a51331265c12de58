"""How long each class of data is kept."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class RetentionPolicy(models.Model):
    """How many days after the end of its case one class of data is kept. Data, because the law changes."""

    class DataClass(models.TextChoices):
        ORIGINAL = "original", _("originals of evidence")
        EVIDENCE = "evidence", _("clean evidence")
        CONTACT = "contact", _("contact data")
        NARRATIVE = "narrative", _("what people wrote")

    data_class = models.CharField(max_length=10, choices=DataClass.choices, unique=True)
    days = models.PositiveIntegerField()
    basis = models.TextField()

    def __str__(self) -> str:
        return f"{self.data_class}: {self.days} days"
