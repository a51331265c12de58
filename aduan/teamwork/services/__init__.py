"""What people do for and with their colleagues."""

from aduan.teamwork.services.absences import come_back, mark_away
from aduan.teamwork.services.case_desk import CaseDesk, open_case_desk
from aduan.teamwork.services.handing_over import Assigned, assign_cases, hand_over, take_case
from aduan.teamwork.services.inbox import (
    delete_old_inbox,
    mark_all_read,
    say_that_it_goes_on,
    unwatch_case,
    watch_case,
)
from aduan.teamwork.services.notes import write_note
from aduan.teamwork.services.operator_questions import answer_operator_question, ask_operator
from aduan.teamwork.services.queue_views import delete_view, save_view, set_queue_display

__all__ = [
    "Assigned",
    "CaseDesk",
    "answer_operator_question",
    "ask_operator",
    "assign_cases",
    "come_back",
    "delete_old_inbox",
    "delete_view",
    "hand_over",
    "mark_all_read",
    "mark_away",
    "open_case_desk",
    "save_view",
    "say_that_it_goes_on",
    "set_queue_display",
    "take_case",
    "unwatch_case",
    "watch_case",
    "write_note",
]
