"""A complaint in one statement: number, sources, case, complaint and letter.

Only where nothing stands in the way: one number, no files, sources that did not report it before, and no case
or one that simply counts on. Each part takes its rows from the part before, so that locks are taken in the
same order as step by step, and the first part that finds something in the way leaves the rest undone; then
NotAtOnce undoes the transaction, and `submit` goes step by step from the beginning.
"""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

from aduan.cases import services as cases
from aduan.complaints import tickets
from aduan.complaints.models import Complaint
from aduan.complaints.services import complainant_messages
from aduan.complaints.services.drafting import SentForm, draft, email_index, encrypt_contacts, sources_of
from aduan.complaints.services.duplicates import SourceClaim
from aduan.complaints.types import ComplaintData
from aduan.core.prepared import Prepared, RowOf
from aduan.notifications import services as notifications
from aduan.numbers import services as numbers
from aduan.numbers.models import PhoneNumber, Routing

_COMPLAINT_ROW: Final = RowOf(Complaint, "complaint")
_NUMBER: Final = "(SELECT id FROM number)"
_ALL_CLAIMED: Final = """((SELECT count(*) FROM number) = 1
    AND (SELECT count(*) FROM claimed) = cardinality(%(kinds)s))"""
_CLAIMED: Final = """claimed AS (
    INSERT INTO complaints_sourcefingerprint (kind, value, number_id, complaint_id)
    SELECT given.kind, given.value, number.id, %(complaint.id)s
    FROM number, unnest(%(kinds)s, %(values)s) AS given(kind, value)
    ORDER BY given.kind, given.value
    ON CONFLICT DO NOTHING RETURNING 1
)"""
_FILED: Final = _COMPLAINT_ROW.insert(
    "FROM number, counted", {"number_id": "number.id", "case_id": "counted.id"}
)
_LETTER: Final = notifications.MESSAGE_ROW.insert("FROM filed WHERE %(message.key)s IS NOT NULL")
_TYPES: Final = {
    **cases.INTAKE_TYPES,
    **numbers.NUMBER_ROW.types,
    **_COMPLAINT_ROW.types,
    **notifications.MESSAGE_ROW.types,
    "kinds": "smallint[]",
    "values": "bytea[]",
}


def _statement(number: str, case: str) -> Prepared:
    counted = case.replace("%(number)s", _NUMBER).replace("%(only_if)s", _ALL_CLAIMED)
    return Prepared(
        f"WITH number AS ({number}), {_CLAIMED}, {counted}, filed AS ({_FILED}), letter AS ({_LETTER})"  # noqa: S608 - of constants
        " SELECT case_id FROM filed",
        _TYPES,
    )


_OF_NEW_NUMBER: Final = _statement(numbers.NUMBER_ROW.insert(""), cases.IN_ONE_STATEMENT["start"])
_OF_KNOWN_NUMBER: Final = _statement("SELECT %(number)s AS id", cases.IN_ONE_STATEMENT["join"])
# The key of the complaint, whether its mailbox may get a receipt, and how its number stands.
_BEGIN: Final = Prepared(
    "SELECT nextval('complaints_complaint_id_seq'),"
    f" ({complainant_messages.MAY_RECEIVE}), {numbers.STANDING}",
    {"mailbox": "bytea", "since": "timestamptz", "canonical": "text"},
)


class NotAtOnce(Exception):
    """Something stands in the way: undo, and go step by step."""


def file_at_once(data: ComplaintData, form: SentForm) -> Complaint:
    """The complaint, written. Raises NotAtOnce; call it in a transaction that ends with that."""
    key, may_receive, standing = _begin(data, form.at)
    number = numbers.found_or_drafted(data.number, at=form.at, standing=standing)
    if number._state.adding and number.routing == Routing.UNASSIGNED:  # staff are asked
        raise NotAtOnce
    complaint, facts = draft(data, number, SourceClaim(key), form, files=0, protected=standing.protected)
    complaint.ticket = tickets.new_ticket()
    encrypt_contacts(complaint, data.contact_email, data.contact_phone)
    sources = sources_of(data, (), form)
    given: dict[str, Any] = {
        **cases.intake_given(number, facts, form.at),
        **_COMPLAINT_ROW.given(complaint),
        **_letter(complaint, data.contact_email if may_receive else "", form.at),
        "kinds": [kind for kind, _value in sources],
        "values": [value for _kind, value in sources],
    }
    complaint.case_id = _written(number, given)
    return complaint


def _begin(data: ComplaintData, at: dt.datetime) -> tuple[int, bool, numbers.Standing]:
    given = {
        "mailbox": email_index(data),
        "since": at - complainant_messages.UNCONFIRMED_PAUSE,
        "canonical": data.number.canonical,
    }
    [(key, may_receive, *standing)] = _BEGIN.rows(given)
    return int(key), bool(may_receive and data.contact_email), numbers.Standing(*standing)


def _letter(complaint: Complaint, to: str, at: dt.datetime) -> dict[str, Any]:
    if not to:
        return dict.fromkeys(notifications.MESSAGE_ROW.types)
    return notifications.MESSAGE_ROW.given(complainant_messages.sealed_receipt(complaint, to, at=at))


def _written(number: PhoneNumber, given: dict[str, Any]) -> int:
    """The case of the complaint. Nothing comes back when a part found another connection's row."""
    if number._state.adding:
        filed = _OF_NEW_NUMBER.first({**given, **numbers.NUMBER_ROW.given(number)})
    else:
        filed = _OF_KNOWN_NUMBER.first({**given, "live": cases.COUNTS_AT_ONCE})
    if filed is None:
        raise NotAtOnce
    case_id: int = filed[0]
    return case_id
