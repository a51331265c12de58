"""Linked, not counted: complaints about one number that come from one source belong to the first of them.

A source is a contact, a device, a network on one day, an identical file or a copied text. The unique key of
`complaints_sourcefingerprint` decides who was first, so two that arrive together cannot both count.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from aduan.cases.workflow import LIVE
from aduan.complaints import fingerprints
from aduan.complaints.models import Complaint, Evidence, SourceFingerprint
from aduan.complaints.types import ClientIdentity
from aduan.core import vault
from aduan.core.db import named_rows
from aduan.core.periods import local_date

REASON_BY_KIND = {
    SourceFingerprint.Kind.CONTACT: Complaint.DuplicateReason.CONTACT,
    SourceFingerprint.Kind.DEVICE: Complaint.DuplicateReason.DEVICE,
    SourceFingerprint.Kind.NETWORK: Complaint.DuplicateReason.NETWORK,
    SourceFingerprint.Kind.EVIDENCE: Complaint.DuplicateReason.EVIDENCE,
    SourceFingerprint.Kind.TEXT: Complaint.DuplicateReason.TEXT,
    SourceFingerprint.Kind.AGENCY: Complaint.DuplicateReason.AGENCY,
}

CLAIM_SOURCES = """
    WITH new AS (SELECT nextval('complaints_complaint_id_seq') AS id),
    put AS (
        INSERT INTO complaints_sourcefingerprint (kind, value, number_id, complaint_id)
        SELECT given.kind, given.value, %(number)s, new.id
        FROM new, unnest(%(kinds)s::smallint[], %(values)s::bytea[]) AS given(kind, value)
        ORDER BY given.kind, given.value
        ON CONFLICT DO NOTHING RETURNING 1
    )
    SELECT (SELECT id FROM new) AS id, (SELECT count(*) FROM put) AS put
"""
# A new statement, hence a new snapshot: it sees what the conflict waited for.
SELECT_OWNERS = """
    SELECT t.kind, t.value, coalesce(c.duplicate_of_id, c.id) AS first_id,
           c.withdrawn_at IS NULL AND k.status = ANY(%(live)s) AS counts
    FROM complaints_sourcefingerprint t
    JOIN complaints_complaint c ON c.id = t.complaint_id
    JOIN cases_case k ON k.id = c.case_id
    JOIN unnest(%(kinds)s::smallint[], %(values)s::bytea[]) AS given(kind, value)
        ON t.kind = given.kind AND t.value = given.value
    WHERE t.number_id = %(number)s AND t.complaint_id <> %(new)s
    ORDER BY first_id, t.kind
"""
REASSIGN_SOURCES = """
    UPDATE complaints_sourcefingerprint t SET complaint_id = %(new)s
    FROM unnest(%(kinds)s::smallint[], %(values)s::bytea[]) AS given(kind, value)
    WHERE t.kind = given.kind AND t.value = given.value AND t.number_id = %(number)s
"""


@dataclass(frozen=True, slots=True)
class SourceClaim:
    """Where a new complaint stands: its key, and the complaint it repeats if it repeats one."""

    complaint_id: int
    duplicate_of: int | None = None
    duplicate_reason: str = ""


def source_fingerprints(
    sender: ClientIdentity,
    contacts: Sequence[bytes],
    narrative: str,
    files: Sequence[Evidence],
    at: dt.datetime,
) -> list[tuple[int, bytes]]:
    """The sources of a complaint, as (kind, 16 bytes)."""
    sources = [(SourceFingerprint.Kind.CONTACT, contact[:16]) for contact in contacts]
    if sender.device:
        sources.append((SourceFingerprint.Kind.DEVICE, vault.blind_index("device", sender.device)[:16]))
    if sender.agency:
        sources.append((SourceFingerprint.Kind.AGENCY, vault.blind_index("agency", sender.agency)[:16]))
    if network := network_of(sender.address):
        day = local_date(at).isoformat()
        sources.append(
            (SourceFingerprint.Kind.NETWORK, vault.blind_index("network", f"{network}|{day}")[:16])
        )
    if (digest := fingerprints.digest(narrative)) is not None:
        sources.append((SourceFingerprint.Kind.TEXT, digest))
    sources += [(SourceFingerprint.Kind.EVIDENCE, bytes.fromhex(file.sha256)[:16]) for file in files]
    return [(int(kind), value) for kind, value in dict.fromkeys(sources)]


def network_of(address: str) -> str:
    """The /24 (IPv4) or /56 (IPv6) of an address; empty for what is no address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((parsed, 24 if parsed.version == 4 else 56), strict=False))


def claim_sources(number_id: int, sources: Sequence[tuple[int, bytes]]) -> SourceClaim:
    """Claims the sources for a complaint about to be written, and says whether others own them already."""
    given: dict[str, Any] = {
        "number": number_id,
        "kinds": [kind for kind, _value in sources],
        "values": [value for _kind, value in sources],
    }
    with connection.cursor() as cursor:
        cursor.execute(CLAIM_SOURCES, given)
        [claim] = named_rows(cursor)
        new: int = claim["id"]
        if claim["put"] == len(sources):
            return SourceClaim(new)
        cursor.execute(SELECT_OWNERS, {**given, "new": new, "live": [status.value for status in LIVE]})
        owners = named_rows(cursor)
        stale = [owner for owner in owners if not owner["counts"]]
        if stale:
            kinds, values = [owner["kind"] for owner in stale], [bytes(owner["value"]) for owner in stale]
            cursor.execute(REASSIGN_SOURCES, {**given, "new": new, "kinds": kinds, "values": values})
    for owner in owners:
        if owner["counts"]:
            reason = REASON_BY_KIND[SourceFingerprint.Kind(owner["kind"])]
            return SourceClaim(new, owner["first_id"], reason)
    return SourceClaim(new)
