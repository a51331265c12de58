"""The acts of this package, one file a verb."""

from aduan.complaints.services.complainant_messages import send_progress
from aduan.complaints.services.complainant_updates import (
    add_update,
    report_still_active,
    withdraw,
    without_refused,
)
from aduan.complaints.services.conflicts import record_conflicts_of
from aduan.complaints.services.contact_access import Contact, reveal_contact
from aduan.complaints.services.contact_verification import confirm_contact, send_code
from aduan.complaints.services.evidence_processing import due_evidence, examine_due, process_evidence
from aduan.complaints.services.evidence_store import (
    StoreAway,
    adopt_store,
    declare_lost,
    missing_files,
    require_store,
    store_trouble,
)
from aduan.complaints.services.evidence_texts import read_texts
from aduan.complaints.services.hold_grounds import find_hold_candidates
from aduan.complaints.services.indexing import reindex_cases
from aduan.complaints.services.key_rotation import old_keys, rewrap_all_keys
from aduan.complaints.services.number_changes import confirm_number_change, request_number_change
from aduan.complaints.services.objection_files import add_objection_files
from aduan.complaints.services.personal_data import disclose_personal_data
from aduan.complaints.services.quarantine import folders_due, purge_orphaned_files
from aduan.complaints.services.retention import (
    complaints_of_contact,
    erase,
    purge,
    replay_erasures,
)
from aduan.complaints.services.shared_contents import shared_contents
from aduan.complaints.services.staged_files import (
    ReadingState,
    is_staged,
    keep_staged,
    open_staged,
    page_of,
    read_waiting,
    reading_of,
    request_reading,
    state_of,
)
from aduan.complaints.services.submit import file_complaint, file_together
from aduan.complaints.services.validation import validate

__all__ = [
    "Contact",
    "ReadingState",
    "StoreAway",
    "add_objection_files",
    "add_update",
    "adopt_store",
    "complaints_of_contact",
    "confirm_contact",
    "confirm_number_change",
    "declare_lost",
    "disclose_personal_data",
    "due_evidence",
    "erase",
    "examine_due",
    "file_complaint",
    "file_together",
    "find_hold_candidates",
    "folders_due",
    "is_staged",
    "keep_staged",
    "missing_files",
    "old_keys",
    "open_staged",
    "page_of",
    "process_evidence",
    "purge",
    "purge_orphaned_files",
    "read_texts",
    "read_waiting",
    "reading_of",
    "record_conflicts_of",
    "reindex_cases",
    "replay_erasures",
    "report_still_active",
    "request_number_change",
    "request_reading",
    "require_store",
    "reveal_contact",
    "rewrap_all_keys",
    "send_code",
    "send_progress",
    "shared_contents",
    "state_of",
    "store_trouble",
    "validate",
    "withdraw",
    "without_refused",
]
