"""The life of an objection: filed, proven, answered, forgotten."""

from aduan.appeals.services.answering import forget_old, settle
from aduan.appeals.services.filing import file_objection
from aduan.appeals.services.proving import confirm_possession, lapse_unproven, prove, send_code

__all__ = [
    "confirm_possession",
    "file_objection",
    "forget_old",
    "lapse_unproven",
    "prove",
    "send_code",
    "settle",
]
