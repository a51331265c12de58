"""What interfaces may read: frozen facts for pages, never querysets."""

from aduan.cases.queries.behind_figures import BehindFigure, DeskFigure, behind_figure
from aduan.cases.queries.campaigns import CampaignPage, CampaignRow, CampaignSort, campaign_page, campaigns
from aduan.cases.queries.canned_reasons import ReasonChoice, reason_texts, reasons_for, texts_when_used
from aduan.cases.queries.case_page import CasePage, case_page, is_blind_for
from aduan.cases.queries.case_views import ReadView, case_views
from aduan.cases.queries.change_requests import (
    ChangePage,
    Effect,
    WaitingChange,
    change_page,
    count_waiting_changes,
    effect_of_pattern,
    waiting_changes,
)
from aduan.cases.queries.checklist import Check
from aduan.cases.queries.dashboard import Dashboard, dashboard, figures
from aduan.cases.queries.decisions import DECISION_CLOCK, DECISION_STANDS
from aduan.cases.queries.drafts import Draft
from aduan.cases.queries.hold_desk import (
    HoldInForce,
    HoldOfCase,
    WaitingHold,
    holds_now,
    waiting_holds,
)
from aduan.cases.queries.hold_figures import HoldFigures, hold_figures
from aduan.cases.queries.holds import (
    HeldNumber,
    case_is_held,
    hold_policy,
    holds_in_force,
    measure_in_force,
    operators_with_holds,
)
from aduan.cases.queries.notices import (
    Announcement,
    announced_status,
    announcement,
    announcements,
    newest_announcement,
)
from aduan.cases.queries.oversight import answered_quality_reviews, unseen_alarms, waiting_quality_reviews
from aduan.cases.queries.own_decisions import OwnDecision, own_decisions
from aduan.cases.queries.people_figures import (
    PersonDecision,
    PersonFigures,
    backlog_in,
    decisions_of,
    open_cases_of,
    people_figures,
)
from aduan.cases.queries.queue import COUNTED_UP_TO, Filters, QueuePage, Sort, View, queue_page, view_counts
from aduan.cases.queries.queue_rows import QueueRow
from aduan.cases.queries.ranking import RankingPreview, ranking_preview
from aduan.cases.queries.recycled_notices import WaitingNotice, waiting_recycled
from aduan.cases.queries.releases import HoldEnd, Lift, Release, SignedRequest, hold_ends, lifts, releases
from aduan.cases.queries.search import Found, find, find_cases
from aduan.cases.queries.search_index import (
    cases_to_index,
    mentioning_each,
    similar_candidates,
)
from aduan.cases.queries.shadow_ranker import RankerState, ranker_state
from aduan.cases.queries.traces import Question, question_to, questions_to
from aduan.cases.queries.urgent import may_stop_urgent, urgent_block_of

__all__ = [
    "COUNTED_UP_TO",
    "DECISION_CLOCK",
    "DECISION_STANDS",
    "Announcement",
    "BehindFigure",
    "CampaignPage",
    "CampaignRow",
    "CampaignSort",
    "CasePage",
    "ChangePage",
    "Check",
    "Dashboard",
    "DeskFigure",
    "Draft",
    "Effect",
    "Filters",
    "Found",
    "HeldNumber",
    "HoldEnd",
    "HoldFigures",
    "HoldInForce",
    "HoldOfCase",
    "Lift",
    "OwnDecision",
    "PersonDecision",
    "PersonFigures",
    "Question",
    "QueuePage",
    "QueueRow",
    "RankerState",
    "RankingPreview",
    "ReadView",
    "ReasonChoice",
    "Release",
    "SignedRequest",
    "Sort",
    "View",
    "WaitingChange",
    "WaitingHold",
    "WaitingNotice",
    "announced_status",
    "announcement",
    "announcements",
    "answered_quality_reviews",
    "backlog_in",
    "behind_figure",
    "campaign_page",
    "campaigns",
    "case_is_held",
    "case_page",
    "case_views",
    "cases_to_index",
    "change_page",
    "count_waiting_changes",
    "dashboard",
    "decisions_of",
    "effect_of_pattern",
    "figures",
    "find",
    "find_cases",
    "hold_ends",
    "hold_figures",
    "hold_policy",
    "holds_in_force",
    "holds_now",
    "is_blind_for",
    "lifts",
    "may_stop_urgent",
    "measure_in_force",
    "mentioning_each",
    "newest_announcement",
    "open_cases_of",
    "operators_with_holds",
    "own_decisions",
    "people_figures",
    "question_to",
    "questions_to",
    "queue_page",
    "ranker_state",
    "ranking_preview",
    "reason_texts",
    "reasons_for",
    "releases",
    "similar_candidates",
    "texts_when_used",
    "unseen_alarms",
    "urgent_block_of",
    "view_counts",
    "waiting_changes",
    "waiting_holds",
    "waiting_quality_reviews",
    "waiting_recycled",
]
