"""Cases, their append-only history, proposals with their signatures, and the blocks and holds that result."""

from aduan.cases.models.block import Block
from aduan.cases.models.campaign import Campaign, CampaignLink
from aduan.cases.models.case import Case, CaseEvent, CaseSearchIndex
from aduan.cases.models.case_view import CaseView
from aduan.cases.models.change_request import ChangeRequest
from aduan.cases.models.desk_target import DeskTarget
from aduan.cases.models.draft import DecisionDraft
from aduan.cases.models.hold import Hold, HoldCandidate, HoldGrounds, HoldPolicy
from aduan.cases.models.lift import TemporaryLift
from aduan.cases.models.notice import CaseNotice
from aduan.cases.models.oversight import Alarm, CannedReason, QualityReview
from aduan.cases.models.pace import PACE_BOUNDS, PaceLimits
from aduan.cases.models.presence import CasePresence
from aduan.cases.models.proposal import Proposal
from aduan.cases.models.ranking_policy import RankingPolicy
from aduan.cases.models.recycling import RecycledNotice
from aduan.cases.models.shadow_ranker import RankerLost, RankerPlace, RankerRun
from aduan.cases.models.trace import Finding, TraceRequest

__all__ = [
    "PACE_BOUNDS",
    "Alarm",
    "Block",
    "Campaign",
    "CampaignLink",
    "CannedReason",
    "Case",
    "CaseEvent",
    "CaseNotice",
    "CasePresence",
    "CaseSearchIndex",
    "CaseView",
    "ChangeRequest",
    "DecisionDraft",
    "DeskTarget",
    "Finding",
    "Hold",
    "HoldCandidate",
    "HoldGrounds",
    "HoldPolicy",
    "PaceLimits",
    "Proposal",
    "QualityReview",
    "RankerLost",
    "RankerPlace",
    "RankerRun",
    "RankingPolicy",
    "RecycledNotice",
    "TemporaryLift",
    "TraceRequest",
]
