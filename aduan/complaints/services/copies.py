"""Linked, not counted: complaints about one number that come from one source belong to the first of them.

A source is a contact, a device, a network on one day, an identical file or a copied text. The unique key of
`complaints_trace` decides who was first, so two that arrive together cannot both count."""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from aduan.cases.workflow import LIVE
from aduan.complaints import fingerprints
from aduan.complaints.models import Complaint, Evidence, Trace
from aduan.complaints.report import Sender
from aduan.core import vault
from aduan.core.periods import local_date

LINK_OF = {
    Trace.Kind.CONTACT: Complaint.Link.CONTACT,
    Trace.Kind.DEVICE: Complaint.Link.DEVICE,
    Trace.Kind.NETWORK: Complaint.Link.NETWORK,
    Trace.Kind.EVIDENCE: Complaint.Link.EVIDENCE,
    Trace.Kind.TEXT: Complaint.Link.TEXT,
}

PUT_TRACES = """
    WITH new AS (SELECT nextval('complaints_complaint_id_seq') AS id),
    put AS (
        INSERT INTO complaints_trace (kind, value, number_id, complaint_id)
        SELECT given.kind, given.value, %(number)s, new.id
        FROM new, unnest(%(kinds)s::smallint[], %(values)s::bytea[]) AS given(kind, value)
        ORDER BY given.kind, given.value
        ON CONFLICT DO NOTHING RETURNING 1
    )
    SELECT (SELECT id FROM new), (SELECT count(*) FROM put)
"""
# A new statement, hence a new snapshot: it sees what the conflict waited for.
FIND_OWNERS = """
    SELECT t.kind, t.value, coalesce(c.same_as_id, c.id),
           c.withdrawn_at IS NULL AND k.status = ANY(%(live)s)
    FROM complaints_trace t
    JOIN complaints_complaint c ON c.id = t.complaint_id
    JOIN cases_case k ON k.id = c.case_id
    JOIN unnest(%(kinds)s::smallint[], %(values)s::bytea[]) AS given(kind, value)
        ON t.kind = given.kind AND t.value = given.value
    WHERE t.number_id = %(number)s AND t.complaint_id <> %(new)s
    ORDER BY 3, 1
"""
TAKE_OVER = """
    UPDATE complaints_trace t SET complaint_id = %(new)s
    FROM unnest(%(kinds)s::smallint[], %(values)s::bytea[]) AS given(kind, value)
    WHERE t.kind = given.kind AND t.value = given.value AND t.number_id = %(number)s
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new complaint stands: its key, and the complaint it repeats if it repeats one."""

    complaint_id: int
    same_as: int | None = None
    same_by: str = ""


def traces_of(
    sender: Sender, contacts: Sequence[bytes], narrative: str, files: Sequence[Evidence], at: dt.datetime
) -> list[tuple[int, bytes]]:
    """The sources of a complaint, as (kind, 16 bytes)."""
    traces = [(Trace.Kind.CONTACT, contact[:16]) for contact in contacts]
    if sender.device:
        traces.append((Trace.Kind.DEVICE, vault.blind_index("device", sender.device)[:16]))
    if network := network_of(sender.address):
        day = local_date(at).isoformat()
        traces.append((Trace.Kind.NETWORK, vault.blind_index("network", f"{network}|{day}")[:16]))
    if (digest := fingerprints.digest(narrative)) is not None:
        traces.append((Trace.Kind.TEXT, digest))
    traces += [(Trace.Kind.EVIDENCE, bytes.fromhex(file.sha256)[:16]) for file in files]
    return [(int(kind), value) for kind, value in dict.fromkeys(traces)]


def network_of(address: str) -> str:
    """The /24 (IPv4) or /56 (IPv6) of an address; empty for what is no address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 56), strict=False))


def put_in_place(number_id: int, traces: Sequence[tuple[int, bytes]]) -> Place:
    """Claims the traces for a complaint about to be written, and says whether others own them already."""
    given: dict[str, Any] = {
        "number": number_id,
        "kinds": [kind for kind, _value in traces],
        "values": [value for _kind, value in traces],
    }
    with connection.cursor() as cursor:
        cursor.execute(PUT_TRACES, given)
        new, put = cursor.fetchone()
        if put == len(traces):
            return Place(new)
        cursor.execute(FIND_OWNERS, {**given, "new": new, "live": [status.value for status in LIVE]})
        owners = cursor.fetchall()
        stale = [(kind, bytes(value)) for kind, value, _root, counts in owners if not counts]
        if stale:
            kinds, values = [kind for kind, _value in stale], [value for _kind, value in stale]
            cursor.execute(TAKE_OVER, {**given, "new": new, "kinds": kinds, "values": values})
    for kind, _value, root, counts in owners:
        if counts:
            return Place(new, root, LINK_OF[Trace.Kind(kind)])
    return Place(new)
