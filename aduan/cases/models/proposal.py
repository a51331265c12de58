"""A proposal with up to three signatures. The law stands here as constraints and a trigger."""

from __future__ import annotations

from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from aduan.cases.models.case import Case
from aduan.cases.workflow import ProposalType
from aduan.core import db_grants
from aduan.core.triggers import never_deleted

SIGNED_BY_DISTINCT_PEOPLE = """
    signers := array_remove(ARRAY[NEW.proposed_by_id, NEW.second_by_id, NEW.third_by_id], NULL);
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'pending' OR cardinality(signers) <> 1 THEN
            RAISE EXCEPTION 'a proposal begins pending and unsigned' USING ERRCODE = 'check_violation';
        END IF;
        fresh := signers;
    ELSE
        IF OLD.state IN ('confirmed', 'rejected', 'retracted') AND NEW IS DISTINCT FROM OLD THEN
            RAISE EXCEPTION 'a settled proposal never changes' USING ERRCODE = 'check_violation';
        END IF;
        IF (NEW.case_id, NEW.proposal_type, NEW.proposed_by_id, NEW.proposed_at, NEW.seen_digest,
            NEW.reason_code, NEW.reason, NEW.evidence_ids, NEW.block_until, NEW.needs_third, NEW.platform_id)
           IS DISTINCT FROM
           (OLD.case_id, OLD.proposal_type, OLD.proposed_by_id, OLD.proposed_at, OLD.seen_digest,
            OLD.reason_code, OLD.reason, OLD.evidence_ids, OLD.block_until, OLD.needs_third, OLD.platform_id)
           OR (OLD.second_by_id IS NOT NULL
               AND (NEW.second_by_id, NEW.second_agrees, NEW.second_at, NEW.second_digest)
               IS DISTINCT FROM (OLD.second_by_id, OLD.second_agrees, OLD.second_at, OLD.second_digest)) THEN
            RAISE EXCEPTION 'what was proposed and signed never changes' USING ERRCODE = 'check_violation';
        END IF;
        fresh := CASE
            WHEN NEW.state = 'confirmed' THEN signers
            WHEN NEW.third_by_id IS DISTINCT FROM OLD.third_by_id THEN ARRAY[NEW.third_by_id]
            WHEN NEW.second_by_id IS DISTINCT FROM OLD.second_by_id THEN ARRAY[NEW.second_by_id]
            ELSE ARRAY[]::bigint[] END;
    END IF;
    SELECT count(DISTINCT lower(regexp_replace(u.staff_number, '[^[:alnum:]]', '', 'g'))),
           count(DISTINCT CASE
               WHEN mailbox.address ~ '@(gmail|googlemail)[.]com$'
               THEN replace(split_part(mailbox.address, '@', 1), '.', '') || '@gmail.com'
               ELSE mailbox.address END),
           count(*) FILTER (WHERE u.id = ANY (fresh) AND NOT (u.is_active AND u.roles && CASE
               WHEN u.id = NEW.proposed_by_id THEN ARRAY['reviewer']::varchar[]
               ELSE ARRAY['reviewer', 'approver']::varchar[] END))
      INTO humans, addresses, unfit
      FROM accounts_user u
      CROSS JOIN LATERAL (
          SELECT regexp_replace(lower(normalize(u.email, NFKC)), '[+][^@]*@', '@') AS address) mailbox
      WHERE u.id = ANY (signers);
    IF humans <> cardinality(signers) OR addresses <> cardinality(signers) THEN
        RAISE EXCEPTION 'one human cannot sign twice' USING ERRCODE = 'check_violation';
    END IF;
    IF unfit > 0 THEN
        RAISE EXCEPTION 'a signer must be active and allowed to sign' USING ERRCODE = 'check_violation';
    END IF;
    IF NEW.state = 'confirmed' AND NEW.proposal_type = 'block'
       AND EXISTS (SELECT 1 FROM cases_case c WHERE c.id = NEW.case_id AND c.protected) THEN
        RAISE EXCEPTION 'a protected number is never blocked' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

# The same rule as `queries.risk.third_signature_reason`, applied to the case as it is at the last signature.
GRAVE_ONLY_BY_THREE = """
    IF EXISTS (
        SELECT 1 FROM cases_case c
        WHERE c.id = NEW.case_id
          AND (c.resembles_protected OR c.number_kind <> 'mobile'
               OR c.in_use_since + interval '5 years' < (NEW.settled_at AT TIME ZONE 'Asia/Jakarta')::date
               OR EXISTS (
                   SELECT 1 FROM cases_caseevent e JOIN cases_case o ON o.id = e.case_id
                   WHERE o.number_id = c.number_id AND e.action = 'object'))
    ) THEN
        RAISE EXCEPTION 'a block of this number takes three people' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
"""

# Without the NULL checks an empty word would count as agreement: a CHECK that is not false passes.
SECOND_AGREES = Q(
    second_agrees=True, second_agrees__isnull=False, second_by__isnull=False, second_at__isnull=False
)
THIRD_AGREES = Q(
    third_agrees=True, third_agrees__isnull=False, third_by__isnull=False, third_at__isnull=False
)


@db_grants.never_deleted
class Proposal(models.Model):
    """An act that one person proposes and another must sign before anything happens.

    Each digest is the value of `Case.contents_digest` that its signer saw.
    """

    class State(models.TextChoices):
        PENDING = "pending"
        DISPUTED = "disputed"
        CONFIRMED = "confirmed"
        REJECTED = "rejected"
        RETRACTED = "retracted"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proposals")
    proposal_type = models.CharField(max_length=10, choices=ProposalType.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING)
    reason_code = models.CharField(max_length=40)
    reason = models.TextField(blank=True)
    evidence_ids = ArrayField(models.BigIntegerField(), default=list)
    block_until = models.DateField(null=True, blank=True)
    urgent = models.BooleanField(default=False)
    platform = models.ForeignKey(
        "operators.Operator", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    seen_digest = models.CharField(max_length=64)
    seen_counts = models.JSONField(default=dict)
    needs_third = models.BooleanField(default=False)
    third_because = models.CharField(max_length=40, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    second_at = models.DateTimeField(null=True)
    second_agrees = models.BooleanField(null=True)
    second_reason = models.TextField(blank=True)
    second_digest = models.CharField(max_length=64, blank=True)
    third_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    third_at = models.DateTimeField(null=True)
    third_agrees = models.BooleanField(null=True)
    third_reason = models.TextField(blank=True)
    third_digest = models.CharField(max_length=64, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(second_by=F("proposed_by")), name="second_is_not_proposer"),
            models.CheckConstraint(condition=~Q(third_by=F("proposed_by")), name="third_is_not_proposer"),
            models.CheckConstraint(condition=~Q(third_by=F("second_by")), name="third_is_not_second"),
            models.CheckConstraint(
                name="confirmed_by_two_people",
                condition=~Q(state="confirmed") | SECOND_AGREES | THIRD_AGREES,
            ),
            models.CheckConstraint(
                name="three_agree_where_needed",
                condition=~Q(state="confirmed", needs_third=True) | (SECOND_AGREES & THIRD_AGREES),
            ),
            models.CheckConstraint(
                name="one_disagreement_ends_what_takes_three",
                condition=~Q(state="disputed", needs_third=True),
            ),
            models.CheckConstraint(
                name="signed_over_what_was_seen",
                condition=(Q(second_by__isnull=True) | ~Q(second_digest=""))
                & (Q(third_by__isnull=True) | ~Q(third_digest="")),
            ),
            models.UniqueConstraint(
                fields=["case"], condition=Q(state__in=["pending", "disputed"]), name="one_open_proposal"
            ),
        ]
        indexes: ClassVar = [
            models.Index("proposed_by", "proposed_at", name="proposal_first"),
            models.Index(
                "second_by", "second_at", name="proposal_second", condition=Q(second_by__isnull=False)
            ),
            models.Index("third_by", "third_at", name="proposal_third", condition=~Q(third_by=None)),
            models.Index("settled_at", name="proposal_settled", condition=Q(settled_at__isnull=False)),
        ]
        triggers: ClassVar = [
            pgtrigger.Trigger(
                name="distinct_people",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                declare=[
                    ("signers", "bigint[]"),
                    ("fresh", "bigint[]"),
                    ("humans", "int"),
                    ("addresses", "int"),
                    ("unfit", "int"),
                ],
                func=SIGNED_BY_DISTINCT_PEOPLE,
            ),
            pgtrigger.Trigger(
                name="grave_only_by_three",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    new__state="confirmed", new__proposal_type="block", new__needs_third=False
                ),
                func=GRAVE_ONLY_BY_THREE,
            ),
            never_deleted(),
        ]

    def __str__(self) -> str:
        return f"{self.case_id}: {self.proposal_type} ({self.state})"
