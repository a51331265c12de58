"""Opening and leaving a case: who has it open, who works on it, and what it shows to its reader's team.

Opening takes a case that is free, leaving gives it back. Both are one statement: a case page has few of them.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.clocks import BEATS, DRAFT_KEPT, LEASE, SKIPPED
from aduan.cases.models import Case, CasePresence
from aduan.cases.queries.drafts import Draft
from aduan.cases.queries.present_people import NAMES_OF_PRESENT

OTHERS: Final = 6

# A row that another transaction has locked is not free: someone is deciding it at this moment. A page without
# scripts says neither that it is open nor that it is left: its case is let go when its reader opens another.
_OPEN: Final = f"""
WITH free AS (
    SELECT id, held_by_id IS DISTINCT FROM %(person)s AS fresh FROM cases_case
    WHERE id = %(case)s AND %(claims)s AND status IN ('open', 'needs_info', 'proposed', 'disputed')
        AND (held_by_id IS NULL OR held_by_id = %(person)s OR held_until <= %(at)s)
    FOR NO KEY UPDATE SKIP LOCKED
), taken AS (
    UPDATE cases_case c SET held_by_id = %(person)s, held_until = greatest(c.held_until, %(until)s)
    FROM free WHERE c.id = free.id
    RETURNING free.fresh
), present AS (
    INSERT INTO cases_casepresence AS p (case_id, person_id, opened_at, seen_at, claimed)
    VALUES (%(case)s, %(person)s, %(at)s, %(at)s, coalesce((SELECT fresh FROM taken), false))
    ON CONFLICT (case_id, person_id) DO UPDATE SET opened_at = excluded.opened_at, seen_at = excluded.seen_at,
        skipped_at = NULL, claimed = excluded.claimed OR (p.claimed AND EXISTS (SELECT FROM taken))
    RETURNING 1
), silent AS (
    SELECT p.id, p.case_id FROM cases_casepresence p JOIN cases_case c ON c.id = p.case_id
    WHERE p.person_id = %(person)s AND p.case_id <> %(case)s AND p.claimed AND c.held_by_id = %(person)s
        AND p.seen_at = p.opened_at AND p.opened_at <= %(present)s
    FOR NO KEY UPDATE SKIP LOCKED
), let_go AS (
    UPDATE cases_case c SET held_by_id = NULL, held_until = NULL FROM silent WHERE c.id = silent.case_id
), gone AS (
    UPDATE cases_casepresence p SET seen_at = NULL, claimed = false FROM silent WHERE p.id = silent.id
), viewed AS (
    INSERT INTO cases_caseview (case_id, person_id, at) VALUES (%(case)s, %(person)s, %(at)s) RETURNING 1
)
SELECT EXISTS (SELECT FROM taken),
    {NAMES_OF_PRESENT} AND p.case_id = %(case)s AND p.person_id <> %(person)s),
    (SELECT jsonb_agg(jsonb_build_array(step, fields, saved_at, seen_digest) ORDER BY saved_at DESC, id DESC)
        FROM cases_decisiondraft
        WHERE case_id = %(case)s AND person_id = %(person)s AND saved_at > %(drafts)s AND fields <> '{{}}')
FROM (SELECT count(*) FROM present) written, (SELECT count(*) FROM viewed) recorded
"""  # noqa: S608 - built of constants
# While a page says every minute that it is open, its claim is short: a browser that dies frees the case soon.
# A page that stays when its person's newer one is left takes over its row: they still have the case open.
_BEAT: Final = f"""
WITH present AS (
    UPDATE cases_casepresence SET seen_at = %(at)s, opened_at = %(opened)s
    WHERE case_id = %(case)s AND person_id = %(person)s
        AND (opened_at = %(opened)s OR seen_at IS NULL OR seen_at <= %(present)s)
    RETURNING claimed
), taken AS (
    UPDATE cases_case SET held_until = %(until)s FROM present
    WHERE cases_case.id = %(case)s AND present.claimed AND held_by_id = %(person)s
)
SELECT {NAMES_OF_PRESENT} AND p.case_id = %(case)s AND p.person_id <> %(person)s)
"""  # noqa: S608 - built of constants
_LEAVE: Final = """
WITH present AS (
    SELECT id, claimed FROM cases_casepresence
    WHERE case_id = %(case)s AND person_id = %(person)s
        AND (%(opened)s::timestamptz IS NULL OR opened_at = %(opened)s)
    FOR UPDATE
), given AS (
    UPDATE cases_case SET held_by_id = NULL, held_until = NULL FROM present
    WHERE cases_case.id = %(case)s AND present.claimed AND held_by_id = %(person)s
)
UPDATE cases_casepresence p SET seen_at = NULL, claimed = false,
    skipped_at = coalesce(%(skipped)s, p.skipped_at)
FROM present WHERE p.id = present.id
"""


@dataclass(frozen=True, slots=True)
class OpenedCase:
    """`mine`: this person works on it now. `others` are the names of those who have it open too."""

    opened_at: dt.datetime
    mine: bool
    others: tuple[str, ...]
    drafts: tuple[Draft, ...]


def open_case(case_id: int, *, by: User, at: dt.datetime, claims: bool) -> OpenedCase:
    """Notes that this person has the case open. With `claims` it becomes theirs when it is free.

    `claims` is for those who can take a step now, which the case page knows. No audit: nothing is decided;
    that the case was read stays in `CaseView`.
    """
    by.require(Permission.VIEW_CASES)
    given = {**_given(case_id, by, at), "claims": claims, "until": at + LEASE, "drafts": at - DRAFT_KEPT}
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, given)
        mine, others, drafts = cursor.fetchone()
    return OpenedCase(at, mine, tuple(_read(others)), tuple(_draft(*values) for values in _read(drafts)))


def note_presence(case_id: int, *, by: User, at: dt.datetime, opened_at: dt.datetime) -> tuple[str, ...]:
    """The page opened at that moment is still open. Returns who else has the case open."""
    with connection.cursor() as cursor:
        cursor.execute(_BEAT, {**_given(case_id, by, at), "opened": opened_at, "until": at + BEATS})
        return tuple(_read(cursor.fetchone()[0]))


def leave_case(case_id: int, *, by: User, opened_at: dt.datetime) -> None:
    """The page opened at that moment was left: a case that was taken by opening it is free again."""
    _leave(case_id, by, opened_at=opened_at, skipped_at=None)


def skip_case(case_id: int, *, by: User, at: dt.datetime) -> None:
    """Free again at once, and not given to this person again for some hours."""
    _leave(case_id, by, opened_at=None, skipped_at=at)


def note_given(case: Case, *, by: User, at: dt.datetime, claimed: bool) -> None:
    """The case was given by `next_case`. `claimed`: as if taken by opening it, so that leaving frees it."""
    CasePresence.objects.bulk_create(
        [CasePresence(case=case, person=by, opened_at=at, seen_at=at, claimed=claimed)],
        update_conflicts=True,
        unique_fields=["case", "person"],
        update_fields=["opened_at", "seen_at", "claimed"],
    )


def delete_old_presence(*, at: dt.datetime) -> int:
    """Deletes who had which case open more than a day ago; how many rows there were."""
    deleted, _by_model = CasePresence.objects.filter(opened_at__lte=at - dt.timedelta(days=1)).delete()
    return deleted


def skipped_by(person: User, *, at: dt.datetime) -> Any:
    """The presence rows of cases that this person skipped some hours ago at most."""
    return CasePresence.objects.filter(person=person, skipped_at__gt=at - SKIPPED)


def _leave(case_id: int, by: User, *, opened_at: dt.datetime | None, skipped_at: dt.datetime | None) -> None:
    given = {"case": case_id, "person": by.pk, "opened": opened_at, "skipped": skipped_at}
    with connection.cursor() as cursor:
        cursor.execute(_LEAVE, given)


def _given(case_id: int, by: User, at: dt.datetime) -> dict[str, Any]:
    return {"case": case_id, "person": by.pk, "at": at, "present": at - BEATS}


def _read(value: Any) -> list[Any]:
    """A jsonb column of a plain cursor: Django leaves it as text there."""
    return (json.loads(value) if isinstance(value, str) else value) or []


def _draft(step: str, fields: dict[str, list[str]], saved_at: str, seen_digest: str) -> Draft:
    return Draft(step, fields, dt.datetime.fromisoformat(saved_at), seen_digest)
