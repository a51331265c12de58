"""Drafts of decisions: what was typed and not sent stays for a day, for its author alone."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import connection
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


# Requests of a page overtake each other: a draft that was on its way when its form was sent comes after it.
_KEEP: Final = """
    INSERT INTO cases_decisiondraft AS kept
        (case_id, person_id, step, fields, seen_digest, saved_at, page, turn)
    VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
    ON CONFLICT (case_id, person_id, step) DO UPDATE SET fields = excluded.fields,
        seen_digest = excluded.seen_digest, saved_at = excluded.saved_at,
        page = excluded.page, turn = excluded.turn
    WHERE excluded.page IS NULL OR kept.page IS DISTINCT FROM excluded.page OR kept.turn <= excluded.turn
"""


@dataclass(frozen=True, slots=True)
class PageTurn:
    """A request of an open page: when that page was opened, and how many it had sent before."""

    page: dt.datetime
    turn: int


def save_draft(
    case: Case,
    *,
    by: User,
    at: dt.datetime,
    step: str,
    fields: Mapping[str, Sequence[str]],
    seen_digest: str,
    sent: PageTurn | None = None,
) -> None:
    """Keeps what this person typed into the form of `step`; a later one takes its place.

    Raises Invalid when the fields are larger than any form of a case.
    """
    by.require(Permission.VIEW_CASES)
    kept = json.dumps({name: list(values) for name, values in fields.items()})
    if len(kept) > LARGEST_DRAFT:
        raise Invalid("draft_too_large", _("This is too long to be kept as a draft."))
    turn = (sent.page, sent.turn) if sent else (None, 0)
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, [case.pk, by.pk, step, kept, seen_digest[:120], at, *turn])


def discard_draft(case: Case, *, by: User, at: dt.datetime, step: str, sent: PageTurn | None = None) -> None:
    """Ends this person's draft of one form: sent, emptied or not wanted any more.

    With `sent` nothing comes back of what that page had on its way.
    """
    if sent is None:
        DecisionDraft.objects.filter(case=case, person=by, step=step).delete()
    else:
        save_draft(case, by=by, at=at, step=step, fields={}, seen_digest="", sent=sent)


def discard_decisions(
    case: Case, *, by: User, at: dt.datetime, step: str, sent: PageTurn | None = None
) -> None:
    """Ends what this person typed for the decision that is taken now; notes and questions are none."""
    DecisionDraft.objects.filter(case=case, person=by).exclude(step__in=BESIDE_DECISIONS).delete()
    discard_draft(case, by=by, at=at, step=step, sent=sent)


def delete_old_drafts(*, at: dt.datetime) -> int:
    """Deletes what its author did not come back for within a day; how many there were."""
    deleted, _by_model = DecisionDraft.objects.filter(saved_at__lte=at - DRAFT_KEPT).delete()
    return deleted
