"""What people with a log-in do that concerns no other room: each other's log-ins, and work that gave up."""

from aduan.accounts.services.machinery import send_again, start_over
from aduan.accounts.services.people import (
    deactivate,
    give_roles,
    invite,
    note_log_in,
    note_security_change,
    reactivate,
    set_phone,
)

__all__ = [
    "deactivate",
    "give_roles",
    "invite",
    "note_log_in",
    "note_security_change",
    "reactivate",
    "send_again",
    "set_phone",
    "start_over",
]
