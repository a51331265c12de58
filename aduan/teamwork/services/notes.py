"""Notes on a case, and whom they reach."""

from __future__ import annotations

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import Case
from aduan.cases.services.transitions import require_no_part
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Invalid
from aduan.teamwork import queries
from aduan.teamwork.mentions import Colleague, Mentions, mentions_in
from aduan.teamwork.models import CaseNote, InboxItem
from aduan.teamwork.services.inbox import watchers_of

LONGEST_NOTE: Final = 4000


@transaction.atomic
def write_note(case: Case, *, by: User, at: dt.datetime, text: str) -> CaseNote:
    """Writes a note for colleagues, and tells those whom it mentions and those who watch the case.

    Raises Invalid for a mention that names no one or several. The audit log says that a note was written.
    """
    by.require(Permission.VIEW_CASES)
    text = text.strip()
    if not text:
        raise Invalid("note_empty", _("Write something first."), field="text")
    if len(text) > LONGEST_NOTE:
        raise Invalid(
            "note_too_long", _("A note has at most %(n)d characters.") % {"n": LONGEST_NOTE}, field="text"
        )
    case = Case.objects.get(pk=case.pk)
    require_no_part(case, by=by)
    mentioned = _meant(mentions_in(text, queries.colleagues()))
    note = CaseNote.objects.create(case=case, author=by, text=text, created_at=at)
    _deliver(note, mentioned, case)
    audit_log.record(
        AuditAction.CASE_NOTE,
        actor=f"user:{by.pk}",
        subject=f"case:{case.pk}",
        at=at,
        detail={"note": note.pk},
    )
    return note


def _meant(mentions: Mentions) -> list[int]:
    for written, several in mentions.unclear:
        if several:
            names = ", ".join(_as_offered(one) for one in several[:5])
            raise Invalid(
                "mention_unclear",
                _("@%(mention)s could be several: %(names)s.") % {"mention": written, "names": names},
                field="text",
            )
        raise Invalid(
            "mention_unknown",
            _("No colleague is called @%(mention)s. Quote an account of others: “@%(mention)s”.")
            % {"mention": written},
            field="text",
        )
    return [one.person_id for one in mentions.people]


def _as_offered(one: Colleague) -> str:
    return f"@{one.handle} ({one.name})"


def _deliver(note: CaseNote, mentioned: list[int], case: Case) -> None:
    """One line for each person, a mention before watching; none for who is part of the case."""
    lines = dict.fromkeys(watchers_of(case.pk), InboxItem.Kind.NOTED)
    lines |= dict.fromkeys(mentioned, InboxItem.Kind.MENTION)
    InboxItem.objects.bulk_create(
        InboxItem(
            person_id=person,
            case=case,
            kind=kind,
            by_id=note.author_id,
            note=note,
            created_at=note.created_at,
        )
        for person, kind in lines.items()
        if person != note.author_id and person not in case.conflicted_user_ids
    )
