"""Everything that can be done to a case: plain functions, one module a theme, all told the time by the
door."""

from aduan.cases.facts import ContentsChange, ReportFacts
from aduan.cases.services.bulk import BulkResult, bulk_ask, bulk_dismiss
from aduan.cases.services.campaigns import Likeness, Listed, link_cases, propose_each, sign_each
from aduan.cases.services.closing import ask_for_more, declare_not_ours, dismiss, reopen
from aduan.cases.services.deciding import decide_third, sign_off
from aduan.cases.services.digest import post_digest
from aduan.cases.services.effects import route_blocks
from aduan.cases.services.holding import claim, let_go, next_case
from aduan.cases.services.intake import note_conflict, note_contents, open_or_join
from aduan.cases.services.learning import follow_lookalikes, tell_in_use_since
from aduan.cases.services.pacing import mark_alarm_seen, raise_alarm
from aduan.cases.services.proposing import propose, retract
from aduan.cases.services.rechecking import answer_recheck
from aduan.cases.services.releasing import (
    expire_blocks,
    note_objection,
    note_operator_answer,
    note_protection,
    release,
    settle_objection,
)
from aduan.cases.services.rerouting import Followed, Move, follow_register, foresee
from aduan.cases.services.tracing import answer_trace
from aduan.cases.services.upkeep import describe, rerank
from aduan.cases.services.wording import load_reasons, save_reason

__all__ = [
    "BulkResult",
    "ContentsChange",
    "Followed",
    "Likeness",
    "Listed",
    "Move",
    "ReportFacts",
    "answer_recheck",
    "answer_trace",
    "ask_for_more",
    "bulk_ask",
    "bulk_dismiss",
    "claim",
    "decide_third",
    "declare_not_ours",
    "describe",
    "dismiss",
    "expire_blocks",
    "follow_lookalikes",
    "follow_register",
    "foresee",
    "let_go",
    "link_cases",
    "load_reasons",
    "mark_alarm_seen",
    "next_case",
    "note_conflict",
    "note_contents",
    "note_objection",
    "note_operator_answer",
    "note_protection",
    "open_or_join",
    "post_digest",
    "propose",
    "propose_each",
    "raise_alarm",
    "release",
    "reopen",
    "rerank",
    "retract",
    "route_blocks",
    "save_reason",
    "settle_objection",
    "sign_each",
    "sign_off",
    "tell_in_use_since",
]
