"""Notes, what people hear of, and who is away."""

from aduan.teamwork.models.absence import Absence
from aduan.teamwork.models.inbox import CaseWatch, InboxItem
from aduan.teamwork.models.note import CaseNote
from aduan.teamwork.models.operator_question import OperatorQuestion

__all__ = ["Absence", "CaseNote", "CaseWatch", "InboxItem", "OperatorQuestion"]
