"""What people quote of a case: its page, a ticket, a referral, the file number of an operator."""

from __future__ import annotations

import re
import uuid
from typing import Final

from django.urls import Resolver404, resolve

from aduan.blocklists.queries import cases_of_reason
from aduan.complaints import tickets
from aduan.complaints.models import Complaint
from aduan.referrals.queries import case_of_referral, cases_of_answer_note

_REFERRAL: Final = re.compile(r"\s*R-?0*(\d{1,15})\s*", re.IGNORECASE)
_PATH: Final = re.compile(r"(?:https?://)?[^/\s]*(/[^\s?#]*)\S*")
_SHORTEST: Final = 4


def case_of_reference(text: str) -> tuple[str, int] | None:
    """What the text is (`reference`, `ticket` or `referral`), and the case that it stands for."""
    if case_id := _case_of_page(text):
        return "reference", case_id
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


def _case_of_page(text: str) -> int | None:
    """The case whose page a pasted address is, whatever stands before and after the path."""
    if not (address := _PATH.fullmatch(text.strip())):
        return None
    try:
        match = resolve(address[1])
    except Resolver404:
        return None
    return match.kwargs["pk"] if match.view_name == "staff:case" else None


def _uid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text.strip())
    except ValueError:
        return None
