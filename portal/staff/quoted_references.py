"""What people quote of a case: a ticket, a referral, the file number of an operator."""

from __future__ import annotations

import re
import uuid
from typing import Final

from aduan.blocklists.queries import cases_of_reason
from aduan.complaints import tickets
from aduan.complaints.models import Complaint
from aduan.referrals.queries import case_of_referral, cases_of_answer_note

_REFERRAL: Final = re.compile(r"\s*R-?0*(\d{1,15})\s*", re.IGNORECASE)
_SHORTEST: Final = 4


def case_of_reference(text: str) -> tuple[str, int] | None:
    """What the text is (`ticket` or `referral`), and the case that it stands for."""
    if ticket := tickets.read(text):
        case_id = Complaint.objects.filter(ticket=ticket).values_list("case_id", flat=True).first()
        return ("ticket", case_id) if case_id else None
    case_id = None
    if found := _REFERRAL.fullmatch(text):
        case_id = case_of_referral(key=int(found[1]))
    elif uid := _uid(text):
        case_id = case_of_referral(uid=uid)
    return ("referral", case_id) if case_id else None


def cases_of_answer(text: str) -> list[int]:
    """Cases on which an operator or platform wrote these words, such as a file number of theirs."""
    if len(text) < _SHORTEST:
        return []
    return sorted(cases_of_reason(text).union(cases_of_answer_note(text)))  # one statement for both


def _uid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text.strip())
    except ValueError:
        return None
