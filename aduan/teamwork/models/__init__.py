"""Notes, what people hear of, who is away, and how each sees the queue."""

from aduan.teamwork.models.absence import Absence
from aduan.teamwork.models.inbox import CaseWatch, InboxItem
from aduan.teamwork.models.note import CaseNote
from aduan.teamwork.models.operator_question import OperatorQuestion
from aduan.teamwork.models.queue_view import QueueColumn, QueueDisplay, SavedView

__all__ = [
    "Absence",
    "CaseNote",
    "CaseWatch",
    "InboxItem",
    "OperatorQuestion",
    "QueueColumn",
    "QueueDisplay",
    "SavedView",
]
