"""The life of an objection: filed, proven, answered, forgotten."""

from aduan.appeals.services.answers import STATEMENT_RETENTION, confirm_answer, erase_old_statements
from aduan.appeals.services.key_rotation import rewrap_addresses
from aduan.appeals.services.lifting import request_lift
from aduan.appeals.services.personal_data import disclose_objections
from aduan.appeals.services.possession_verification import (
    confirm_possession,
    lapse_unproven,
    second_possession,
    send_code,
    verify_possession,
)
from aduan.appeals.services.submit import file_objection

__all__ = [
    "STATEMENT_RETENTION",
    "confirm_answer",
    "confirm_possession",
    "disclose_objections",
    "erase_old_statements",
    "file_objection",
    "lapse_unproven",
    "request_lift",
    "rewrap_addresses",
    "second_possession",
    "send_code",
    "verify_possession",
]
