"""User administration, and restarting background work that failed."""

from aduan.accounts.services.background_jobs import resend_message, retry_job
from aduan.accounts.services.first_administrators import NewPerson, create_first_administrators
from aduan.accounts.services.step_up import install_step_up_keys, record_step_up, require_step_up
from aduan.accounts.services.users import (
    deactivate,
    give_roles,
    invite,
    note_log_in,
    note_security_change,
    reactivate,
    set_phone,
)

__all__ = [
    "NewPerson",
    "create_first_administrators",
    "deactivate",
    "give_roles",
    "install_step_up_keys",
    "invite",
    "note_log_in",
    "note_security_change",
    "reactivate",
    "record_step_up",
    "require_step_up",
    "resend_message",
    "retry_job",
    "set_phone",
]
