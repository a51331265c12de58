"""Who wants to hear of which case, and what they heard."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from aduan.cases.models import Case, CaseEvent
from aduan.teamwork.models.note import CaseNote


class CaseWatch(models.Model):
    """A person who wants to hear what happens to a case."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "person"], name="one_watch_per_person")
        ]

    def __str__(self) -> str:
        return f"{self.person_id} watches {self.case_id}"


class InboxItem(models.Model):
    """One line of a person's inbox: what happened on which case. The texts stay on the case.

    Lines about events are written by the trigger `teamwork_fill_inbox`; `by` is empty where a name would
    show who signed before the reader has.
    """

    class Kind(models.TextChoices):
        MENTION = "mention", _("mentioned you in a note")
        ASSIGNED = "assigned", _("assigned to you")
        HANDED_OVER = "handed_over", _("handed over to you")
        RETURNED = "returned", _("your proposal was disagreed with")
        ANSWERED = "answered", _("the complainants answered")
        OPERATOR_ANSWERED = "operator", _("the operator answered your question")
        GOES_ON = "goes_on", _("a complainant says that the blocked number goes on")
        NOTED = "noted", _("a note on a case that you watch")
        WATCHED = "watched", _("a step on a case that you watch")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    note = models.ForeignKey(CaseNote, on_delete=models.PROTECT, null=True, related_name="+")
    event = models.ForeignKey(CaseEvent, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(kind__in=["mention", "noted"]) | Q(note__isnull=False), name="item_has_its_note"
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["returned", "answered", "watched"]) | Q(event__isnull=False),
                name="item_has_its_event",
            ),
        ]
        indexes: ClassVar = [
            models.Index(F("person"), F("id").desc(), name="inbox_unread", condition=Q(read_at__isnull=True)),
            models.Index(F("person"), F("id").desc(), name="inbox_of_person"),
            models.Index(fields=["created_at"], name="inbox_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.person_id}"
