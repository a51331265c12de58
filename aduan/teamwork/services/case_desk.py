"""What a case page shows of the team, and that its reader has now seen it: one statement."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.core.periods import local_date

NOTES: Final = 50
_OPEN: Final = """
WITH seen AS (
    UPDATE teamwork_inboxitem SET read_at = %(at)s
    WHERE person_id = %(person)s AND case_id = %(case)s AND read_at IS NULL RETURNING 1
)
SELECT
    (SELECT jsonb_agg(jsonb_build_array(u.name, n.created_at, n.text, u.id = %(person)s)
            ORDER BY n.id DESC) FROM (
        SELECT * FROM teamwork_casenote WHERE case_id = %(case)s ORDER BY id DESC LIMIT %(notes)s
    ) n JOIN accounts_user u ON u.id = n.author_id),
    (SELECT jsonb_agg(jsonb_build_array(o.name, q.text, q.asked_at, q.answer, q.answered_at)
            ORDER BY q.id DESC)
        FROM teamwork_operatorquestion q JOIN operators_operator o ON o.id = q.operator_id
        WHERE q.case_id = %(case)s),
    EXISTS (SELECT FROM teamwork_casewatch WHERE case_id = %(case)s AND person_id = %(person)s),
    (SELECT count(*) FROM teamwork_inboxitem
        WHERE person_id = %(person)s AND read_at IS NULL AND case_id <> %(case)s),
    (SELECT until FROM teamwork_absence
        WHERE person_id = %(person)s AND ended_at IS NULL AND until >= %(today)s)
FROM (SELECT count(*) FROM seen) written
"""


@dataclass(frozen=True, slots=True)
class Note:
    author: str
    at: dt.datetime
    text: str
    own: bool


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    operator: str
    text: str
    at: dt.datetime
    answer: str
    answered: bool


@dataclass(frozen=True, slots=True)
class CaseDesk:
    """`unread` and `away_until` are the reader's own: what waits on other cases, and until when away."""

    notes: tuple[Note, ...]
    questions: tuple[AskedQuestion, ...]
    watching: bool
    unread: int
    away_until: dt.date | None

    @property
    def own_notes(self) -> tuple[Note, ...]:
        """What the reader wrote: shown also while a signature is blind."""
        return tuple(note for note in self.notes if note.own)

    @property
    def notes_by_others(self) -> tuple[Note, ...]:
        return tuple(note for note in self.notes if not note.own)


def open_case_desk(case_id: int, *, by: User, at: dt.datetime) -> CaseDesk:
    """The notes, newest first; what the reader's inbox says of the case counts as read."""
    by.require(Permission.VIEW_CASES)
    given: dict[str, int | dt.datetime | dt.date] = {
        "case": case_id,
        "person": by.pk,
        "at": at,
        "today": local_date(at),
        "notes": NOTES,
    }
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, given)
        notes, questions, watching, unread, away_until = cursor.fetchone()
    return CaseDesk(
        notes=tuple(
            Note(author, dt.datetime.fromisoformat(when), text, own)
            for author, when, text, own in _rows(notes)
        ),
        questions=tuple(
            AskedQuestion(name, text, dt.datetime.fromisoformat(asked), answer, answered is not None)
            for name, text, asked, answer, answered in _rows(questions)
        ),
        watching=watching,
        unread=unread,
        away_until=away_until,
    )


def _rows(value: Any) -> list[list[Any]]:
    """A jsonb column of a plain cursor: Django leaves it as text there."""
    return (json.loads(value) if isinstance(value, str) else value) or []
