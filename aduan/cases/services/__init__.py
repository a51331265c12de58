"""Everything that can be done to a case.

Plain functions, one module a theme, all told the time by the interface.
"""

from aduan.cases.dto import ContentsChange, ReportFacts
from aduan.cases.services.assignment import claim, give_case, next_case, unassign
from aduan.cases.services.bulk import (
    BulkResult,
    SelectedCase,
    bulk_dismiss,
    bulk_request_information,
    undo_each,
)
from aduan.cases.services.campaigns import (
    CaseSimilarity,
    cluster_cases,
    propose_each,
    sign_each,
)
from aduan.cases.services.canned_reasons import load_reasons, save_reason
from aduan.cases.services.case_views import delete_old_views, record_view, record_views
from aduan.cases.services.change_requests import decline_change
from aduan.cases.services.closures import declare_not_ours, dismiss, reopen, request_information
from aduan.cases.services.desk_targets import set_desk_targets
from aduan.cases.services.drafts import (
    PageTurn,
    delete_old_drafts,
    discard_decisions,
    discard_draft,
    save_draft,
)
from aduan.cases.services.enforcement import route_blocks
from aduan.cases.services.hold_alerts import alert_leads_of_candidates
from aduan.cases.services.hold_candidates import note_hold_grounds
from aduan.cases.services.hold_endings import end_holds_elsewhere, end_holds_of_listed_blocks, lapse_holds
from aduan.cases.services.hold_policies import (
    approve_hold_policy,
    request_hold_policy,
    request_hold_stop,
)
from aduan.cases.services.holds import confirm_hold, decline_hold, end_hold, propose_hold
from aduan.cases.services.intake import (
    COUNTS_AT_ONCE,
    IN_ONE_STATEMENT,
    INTAKE_TYPES,
    intake_given,
    open_or_join,
    record_conflicts,
    update_contents,
)
from aduan.cases.services.lead_digest import send_lead_digest
from aduan.cases.services.number_changes import (
    open_number_change,
    record_number_change,
    settle_number_change,
)
from aduan.cases.services.number_facts import set_in_use_since, sync_lookalike_flags
from aduan.cases.services.operator_changes import (
    OperatorChange,
    RangeChangeResult,
    apply_range_changes,
    preview_range_changes,
)
from aduan.cases.services.pace_limits import PACE_SUBJECT, approve_pace_limits, request_pace_limits
from aduan.cases.services.presence import (
    OpenedCase,
    delete_old_presence,
    leave_case,
    note_presence,
    open_case,
    skip_case,
)
from aduan.cases.services.proposals import propose, retract
from aduan.cases.services.protection_requests import (
    confirm_protection,
    protect_number,
    request_protection,
    request_unprotection,
    unprotect_number,
)
from aduan.cases.services.quality_sampling import answer_quality_review
from aduan.cases.services.ranking_policies import set_ranking
from aduan.cases.services.rate_limit import mark_alarm_seen, raise_alarm
from aduan.cases.services.recycled_notices import NOT_FROM_OPERATOR, settle_recycled, take_recycled
from aduan.cases.services.register_changes import (
    Terms,
    approve_register_change,
    change_register,
    day_of_effect,
    meaning_of,
    terms_to_add,
    terms_to_end,
    terms_to_import,
    terms_to_merge,
    terms_to_settle,
    terms_to_transfer,
)
from aduan.cases.services.register_changes import perform as perform_register_change
from aduan.cases.services.release_replays import replay_hold_end, replay_lift, replay_release
from aduan.cases.services.release_requests import (
    confirm_release,
    confirm_settlement,
    request_release,
    request_settlement,
)
from aduan.cases.services.releases import (
    expire_blocks,
    record_objection,
    record_operator_outcome,
    set_protected,
)
from aduan.cases.services.search_index import index_cases, purge_words, rerank_waiting
from aduan.cases.services.shadow_ranker import (
    Opinion,
    compare_ranker_runs,
    record_ranker_run,
    use_ranker,
)
from aduan.cases.services.signatures import decide_third, sign_off
from aduan.cases.services.staff_changes import announce_new_decider, withdraw_proposals_of
from aduan.cases.services.temporary_lifts import lift_temporarily
from aduan.cases.services.traces import answer_trace
from aduan.cases.services.undo import undo
from aduan.cases.services.urgent_stop import stop_urgent

__all__ = [
    "COUNTS_AT_ONCE",
    "INTAKE_TYPES",
    "IN_ONE_STATEMENT",
    "NOT_FROM_OPERATOR",
    "PACE_SUBJECT",
    "BulkResult",
    "CaseSimilarity",
    "ContentsChange",
    "OpenedCase",
    "OperatorChange",
    "Opinion",
    "PageTurn",
    "RangeChangeResult",
    "ReportFacts",
    "SelectedCase",
    "Terms",
    "alert_leads_of_candidates",
    "announce_new_decider",
    "answer_quality_review",
    "answer_trace",
    "apply_range_changes",
    "approve_hold_policy",
    "approve_pace_limits",
    "approve_register_change",
    "bulk_dismiss",
    "bulk_request_information",
    "change_register",
    "claim",
    "cluster_cases",
    "compare_ranker_runs",
    "confirm_hold",
    "confirm_protection",
    "confirm_release",
    "confirm_settlement",
    "day_of_effect",
    "decide_third",
    "declare_not_ours",
    "decline_change",
    "decline_hold",
    "delete_old_drafts",
    "delete_old_presence",
    "delete_old_views",
    "discard_decisions",
    "discard_draft",
    "dismiss",
    "end_hold",
    "end_holds_elsewhere",
    "end_holds_of_listed_blocks",
    "expire_blocks",
    "give_case",
    "index_cases",
    "intake_given",
    "lapse_holds",
    "leave_case",
    "lift_temporarily",
    "load_reasons",
    "mark_alarm_seen",
    "meaning_of",
    "next_case",
    "note_hold_grounds",
    "note_presence",
    "open_case",
    "open_number_change",
    "open_or_join",
    "perform_register_change",
    "preview_range_changes",
    "propose",
    "propose_each",
    "propose_hold",
    "protect_number",
    "purge_words",
    "raise_alarm",
    "record_conflicts",
    "record_number_change",
    "record_objection",
    "record_operator_outcome",
    "record_ranker_run",
    "record_view",
    "record_views",
    "reopen",
    "replay_hold_end",
    "replay_lift",
    "replay_release",
    "request_hold_policy",
    "request_hold_stop",
    "request_information",
    "request_pace_limits",
    "request_protection",
    "request_release",
    "request_settlement",
    "request_unprotection",
    "rerank_waiting",
    "retract",
    "route_blocks",
    "save_draft",
    "save_reason",
    "send_lead_digest",
    "set_desk_targets",
    "set_in_use_since",
    "set_protected",
    "set_ranking",
    "settle_number_change",
    "settle_recycled",
    "sign_each",
    "sign_off",
    "skip_case",
    "stop_urgent",
    "sync_lookalike_flags",
    "take_recycled",
    "terms_to_add",
    "terms_to_end",
    "terms_to_import",
    "terms_to_merge",
    "terms_to_settle",
    "terms_to_transfer",
    "unassign",
    "undo",
    "undo_each",
    "unprotect_number",
    "update_contents",
    "use_ranker",
    "withdraw_proposals_of",
]
