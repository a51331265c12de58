"""User administration, and restarting background work that failed."""

from aduan.accounts.services.approvals import approve, decline_approval, request_approval
from aduan.accounts.services.background_jobs import resend_message, retry_job
from aduan.accounts.services.break_glass import administrators_who_can_act, break_glass
from aduan.accounts.services.changes import (
    REASON_MAX,
    confirm_account_change,
    propose_identity,
    propose_reactivation,
    propose_roles,
    propose_second_factor_reset,
    refuse_account_change,
)
from aduan.accounts.services.first_administrators import NewPerson, create_first_administrators
from aduan.accounts.services.phones import approve_phone, request_phone, set_phone
from aduan.accounts.services.replays import (
    Approved,
    TakenPower,
    approved,
    lost_approvals,
    replay_taken_power,
    taken_powers,
)
from aduan.accounts.services.step_up import (
    evidence_of,
    install_step_up_keys,
    record_step_up,
    replay_step_up,
    require_step_up,
)
from aduan.accounts.services.users import (
    deactivate,
    invite,
    note_end_of_sessions,
    note_failed_log_in,
    note_log_in,
    note_security_change,
    take_roles,
)

__all__ = [
    "REASON_MAX",
    "Approved",
    "NewPerson",
    "TakenPower",
    "administrators_who_can_act",
    "approve",
    "approve_phone",
    "approved",
    "break_glass",
    "confirm_account_change",
    "create_first_administrators",
    "deactivate",
    "decline_approval",
    "evidence_of",
    "install_step_up_keys",
    "invite",
    "lost_approvals",
    "note_end_of_sessions",
    "note_failed_log_in",
    "note_log_in",
    "note_security_change",
    "propose_identity",
    "propose_reactivation",
    "propose_roles",
    "propose_second_factor_reset",
    "record_step_up",
    "refuse_account_change",
    "replay_step_up",
    "replay_taken_power",
    "request_approval",
    "request_phone",
    "require_step_up",
    "resend_message",
    "retry_job",
    "set_phone",
    "take_roles",
    "taken_powers",
]
