"""People who log in, what is asked of them, and the evidence of their identity behind their acts."""

from aduan.accounts.models.approval import APPROVERS, ApprovalRequest
from aduan.accounts.models.change import AccountChange
from aduan.accounts.models.policy import AccountPolicy
from aduan.accounts.models.step_up import StepUpEvidence, StepUpKey
from aduan.accounts.models.user import User, UserManager

__all__ = [
    "APPROVERS",
    "AccountChange",
    "AccountPolicy",
    "ApprovalRequest",
    "StepUpEvidence",
    "StepUpKey",
    "User",
    "UserManager",
]
