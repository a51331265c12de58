"""The case of one number, its history and its search index."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Reverse
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.cases.workflow import IN_QUEUE, LIVE, CaseAction, Status
from aduan.core.triggers import append_only, never_deleted


def _waiting(**flags: object) -> Q:
    return Q(status__in=IN_QUEUE, **flags)


def case_reference(case_id: int) -> str:
    """What people quote: `K-00000012`. Carries no personal data; used in lists and letters."""
    return f"K-{case_id:08d}"


class Case(models.Model):
    """Everything about one reported number. At most one live case a number.

    Complaints report the counts (`open_or_join`, `update_contents`), because this package cannot read
    complaints. They are used only for ranking. `number_text` repeats the canonical number so that a queue
    row and a search need no join. Counters are in no index, so updating them stays cheap on a viral number.
    """

    number = models.ForeignKey("numbers.PhoneNumber", on_delete=models.PROTECT, related_name="+")
    number_text = models.CharField(_("number"), max_length=80)
    number_kind = models.CharField(max_length=12)
    operator = models.ForeignKey(
        "operators.Operator", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    status = models.CharField(_("status"), max_length=12, choices=Status.choices, default=Status.OPEN)
    category = models.CharField(_("category"), max_length=20, blank=True)
    region = models.CharField(_("region"), max_length=60, blank=True)
    opened_at = models.DateTimeField(_("opened"))
    closed_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    previous = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reopened_count = models.PositiveSmallIntegerField(default=0)

    # Who is working on it: a lease that lapses by itself.
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    held_until = models.DateTimeField(null=True, blank=True)
    # User ids whose own contact is in the case: they may not touch it.
    conflicted_user_ids = ArrayField(models.BigIntegerField(), default=list, blank=True)

    # Reported by complaints.
    complaint_count = models.PositiveIntegerField(_("complaints"), default=0)
    independent_count = models.PositiveIntegerField(_("independent complainants"), default=0)
    confirmed_count = models.PositiveIntegerField(_("confirmed contacts"), default=0)
    evidence_count = models.PositiveIntegerField(_("evidence items"), default=0)
    reported_loss = models.DecimalField(_("reported loss"), max_digits=16, decimal_places=0, default=0)
    channels = models.JSONField(default=dict)
    categories = models.JSONField(default=dict)
    first_complaint_at = models.DateTimeField(null=True)
    last_complaint_at = models.DateTimeField(null=True)
    # A chain over every change of what a reviewer sees; a signature is given over its value.
    contents_digest = models.CharField(max_length=64, blank=True)
    # When something that speaks for a block was last taken away (withdrawn, objected, protected).
    grounds_weakened_at = models.DateTimeField(null=True, blank=True)
    # The search index is older than the contents: a job renews it.
    search_stale = models.BooleanField(default=True)

    # Rank and clock.
    score = models.IntegerField(_("rank"), default=0)
    score_parts = models.JSONField(default=dict)
    # From the shadow ranker each night: how likely a block is, per mille, and the words that speak for it.
    ranker_chance = models.SmallIntegerField(null=True)  # no CHECK to verify in millions of rows
    ranker_words = ArrayField(models.CharField(max_length=40), null=True)
    ready_at = models.DateTimeField(_("complete since"), null=True, blank=True)
    due_at = models.DateTimeField(_("due"), null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)

    # What forbids or hinders a block.
    suspected_spoofing = models.BooleanField(default=False)
    protected = models.BooleanField(default=False)
    resembles_protected = models.BooleanField(default=False)
    in_use_since = models.DateField(null=True, blank=True)
    via_ott = models.BooleanField(default=False)
    objection_since = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["number"], condition=Q(status__in=LIVE), name="one_live_case_per_number"
            ),
            models.CheckConstraint(condition=Q(status__in=Status.values), name="case_status_known"),
            models.CheckConstraint(
                condition=~(Q(protected=True) & Q(status="confirmed")), name="protected_never_confirmed"
            ),
        ]
        indexes: ClassVar = [
            # The queue: by rank, whole or narrowed by the one filter that cuts most.
            models.Index(F("score").desc(), F("id").desc(), name="case_rank", condition=_waiting()),
            models.Index(
                "operator", F("score").desc(), F("id").desc(), name="case_rank_operator", condition=_waiting()
            ),
            models.Index(
                "category", F("score").desc(), F("id").desc(), name="case_rank_category", condition=_waiting()
            ),
            models.Index(
                F("score").desc(), F("id").desc(), name="case_rank_open", condition=Q(status=Status.OPEN)
            ),
            models.Index(
                F("score").desc(),
                F("id").desc(),
                name="case_rank_signature",
                condition=Q(status__in=[Status.PROPOSED, Status.DISPUTED]),
            ),
            models.Index(
                F("score").desc(),
                F("id").desc(),
                name="case_rank_asked",
                condition=Q(status=Status.NEEDS_INFO),
            ),
            models.Index(
                "region",
                F("score").desc(),
                F("id").desc(),
                name="case_rank_region",
                condition=_waiting(region__gt=""),
            ),
            models.Index("due_at", "id", name="case_due", condition=_waiting(due_at__isnull=False)),
            models.Index(
                Coalesce("due_at", "opened_at"), F("id"), name="case_waiting_due", condition=_waiting()
            ),
            models.Index("opened_at", "id", name="case_waiting_opened", condition=_waiting()),
            models.Index("held_by", "id", name="case_held", condition=Q(held_by__isnull=False)),
            # Saved views on a rare flag: small partial indexes.
            models.Index(
                F("score").desc(),
                F("id").desc(),
                name="case_rank_reopened",
                condition=_waiting(reopened_count__gt=0),
            ),
            models.Index(
                F("score").desc(),
                F("id").desc(),
                name="case_rank_spoofing",
                condition=_waiting(suspected_spoofing=True),
            ),
            models.Index(
                F("score").desc(),
                F("id").desc(),
                name="case_rank_protected",
                condition=_waiting(protected=True),
            ),
            models.Index(
                F("score").desc(),
                F("id").desc(),
                name="case_rank_unrouted",
                condition=_waiting(operator__isnull=True),
            ),
            models.Index(
                F("score").desc(), F("id").desc(), name="case_rank_ott", condition=_waiting(via_ott=True)
            ),
            models.Index(
                F("score").desc(),
                F("id").desc(),
                name="case_rank_objection",
                condition=Q(objection_since__isnull=False),
            ),
            # Any first or last part of a number, any status; middle parts are in the search index.
            models.Index(OpClass("number_text", "text_pattern_ops"), name="case_number_begin"),
            models.Index(OpClass(Reverse("number_text"), "text_pattern_ops"), name="case_number_end"),
            models.Index(fields=["number", "-id"], name="case_of_number"),
            # BRIN would do for years; the dashboard asks for days.
            models.Index("id", name="case_search_stale", condition=Q(search_stale=True)),
            models.Index("id", name="case_lookalike", condition=Q(resembles_protected=True)),
            models.Index("opened_at", name="case_opened"),
            models.Index("decided_at", name="case_decided", condition=Q(decided_at__isnull=False)),
        ]
        triggers: ClassVar = [
            never_deleted(),
        ]

    def __str__(self) -> str:
        return self.reference

    @classmethod
    def locked(cls, *, skip_locked: bool = False) -> models.QuerySet[Case]:
        """Cases that are locked as they are read, until the transaction ends.

        The lock leaves the key free: who opens a case meanwhile, or files a complaint, does not wait for it.
        """
        return cls.objects.select_for_update(of=("self",), no_key=True, skip_locked=skip_locked)

    def has_part(self, person: User) -> bool:
        """Whether this person complained in the case, or the reported number is their own."""
        return person.pk in self.conflicted_user_ids or bool(
            person.phone and person.phone == self.number_text
        )

    @property
    def reference(self) -> str:
        return case_reference(self.pk)


class CaseEvent(models.Model):
    """One step in the life of a case. Append-only: the database refuses change and deletion.

    `reason` is what a person typed, `system_reason` why the system took the step by itself.
    """

    class SystemReason(models.TextChoices):
        NEW_COMPLAINT = "new_complaint", _("a new complaint came in")
        SIGNER_LEFT = "signer_left", _("a person who had signed no longer decides")
        OWN_LINE = "own_line", _("an operator found the calls on the number's own line")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    action = models.CharField(max_length=20, choices=CaseAction.choices)
    from_status = models.CharField(max_length=12, blank=True)
    to_status = models.CharField(max_length=12)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    system_reason = models.CharField(max_length=20, choices=SystemReason.choices, blank=True)
    detail = models.JSONField(default=dict)
    mac = models.BinaryField(null=True, editable=False)  # see accounts.step_up.application_mac

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index("created_at", "action", name="event_when"),
            models.Index("actor", "created_at", name="event_actor", condition=Q(actor__isnull=False)),
        ]
        triggers: ClassVar = [append_only()]

    def __str__(self) -> str:
        return f"{self.case_id} {self.action}"


class CaseSearchIndex(models.Model):
    """What a case is found by: words of its complaints and every four digits of its number. Filled by a job.

    Apart from the case because its indexes are GIN: they would make every complaint slow.
    """

    case = models.OneToOneField(Case, on_delete=models.PROTECT, primary_key=True, related_name="+")
    words = SearchVectorField(null=True)
    digit_ngrams = ArrayField(models.IntegerField(), default=list)
    # MinHash bands of its texts: cases that share one are candidates for a campaign.
    minhash_bands = ArrayField(models.IntegerField(), default=list, db_default=[])
    indexed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            GinIndex(fields=["words"], name="search_index_words"),
            GinIndex(fields=["digit_ngrams"], name="search_index_digit_ngrams"),
            GinIndex(fields=["minhash_bands"], name="search_index_minhash_bands"),
        ]

    def __str__(self) -> str:
        return str(self.case_id)
