"""The acts of this room, one file a verb."""

from aduan.complaints.services.conflicts import tell_conflicts_of
from aduan.complaints.services.contacting import confirm_contact, send_code
from aduan.complaints.services.examination import examine, waiting
from aduan.complaints.services.filing import file_complaint
from aduan.complaints.services.following import complete, still_active, withdraw
from aduan.complaints.services.gathering import gather
from aduan.complaints.services.letters import tell_progress
from aduan.complaints.services.quarantine import sweep
from aduan.complaints.services.retention import complaints_of_contact, erase, purge, reseal_keys
from aduan.complaints.services.revealing import Contact, reveal_contact

__all__ = [
    "Contact",
    "complaints_of_contact",
    "complete",
    "confirm_contact",
    "erase",
    "examine",
    "file_complaint",
    "gather",
    "purge",
    "reseal_keys",
    "reveal_contact",
    "send_code",
    "still_active",
    "sweep",
    "tell_conflicts_of",
    "tell_progress",
    "waiting",
    "withdraw",
]
