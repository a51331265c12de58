"""Drafts of decisions: what was typed and not sent stays for a day, for its author alone."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence

from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.clocks import DRAFT_KEPT
from aduan.cases.models import Case, DecisionDraft
from aduan.core.errors import Invalid

# Characters of all fields together: two notes, two notices and a hundred ticks fit in.
LARGEST_DRAFT = 64_000
# Forms of a case that are no decision on it.
BESIDE_DECISIONS = ("note", "operator", "propose_hold", "decline_hold")


def save_draft(
    case: Case,
    *,
    by: User,
    at: dt.datetime,
    step: str,
    fields: Mapping[str, Sequence[str]],
    seen_digest: str,
) -> None:
    """Keeps what this person typed into the form of `step`; a later one takes its place.

    Raises Invalid when the fields are larger than any form of a case.
    """
    by.require(Permission.VIEW_CASES)
    kept = {name: list(values) for name, values in fields.items()}
    if len(json.dumps(kept)) > LARGEST_DRAFT:
        raise Invalid("draft_too_large", _("This is too long to be kept as a draft."))
    draft = DecisionDraft(
        case=case, person=by, step=step, fields=kept, seen_digest=seen_digest[:120], saved_at=at
    )
    DecisionDraft.objects.bulk_create(
        [draft],
        update_conflicts=True,
        unique_fields=["case", "person", "step"],
        update_fields=["fields", "seen_digest", "saved_at"],
    )


def discard_drafts(case: Case, *, by: User, step: str = "") -> None:
    """Deletes this person's drafts on the case, or that of one form: sent, emptied or not wanted any more."""
    drafts = DecisionDraft.objects.filter(case=case, person=by)
    (drafts.filter(step=step) if step else drafts).delete()


def discard_decisions(case: Case, *, by: User) -> None:
    """Deletes what this person typed for the decision that is taken now; notes and questions are none."""
    DecisionDraft.objects.filter(case=case, person=by).exclude(step__in=BESIDE_DECISIONS).delete()


def delete_old_drafts(*, at: dt.datetime) -> int:
    """Deletes what its author did not come back for within a day; how many there were."""
    deleted, _by_model = DecisionDraft.objects.filter(saved_at__lte=at - DRAFT_KEPT).delete()
    return deleted
