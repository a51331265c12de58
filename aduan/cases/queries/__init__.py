"""What doors may read: frozen facts for pages, never querysets."""

from aduan.cases.queries.case_page import CasePage, case_page, is_blind_for
from aduan.cases.queries.checklist import Check
from aduan.cases.queries.queue import Filters, QueuePage, QueueRow, View, queue_page, view_counts
from aduan.cases.queries.search import Found, find
from aduan.cases.queries.wording import ReasonChoice, reason_texts, reasons_for

__all__ = [
    "CasePage",
    "Check",
    "Filters",
    "Found",
    "QueuePage",
    "QueueRow",
    "ReasonChoice",
    "View",
    "case_page",
    "find",
    "is_blind_for",
    "queue_page",
    "reason_texts",
    "reasons_for",
    "view_counts",
]
