"""Cases, their append-only history, proposals with their signatures, and the blocks that result."""

from aduan.cases.models.block import Block, TraceRequest
from aduan.cases.models.campaign import Campaign, CampaignLink
from aduan.cases.models.case import Case, CaseDocument, CaseEvent
from aduan.cases.models.oversight import Alarm, CannedReason, Recheck
from aduan.cases.models.proposal import Proposal

__all__ = [
    "Alarm",
    "Block",
    "Campaign",
    "CampaignLink",
    "CannedReason",
    "Case",
    "CaseDocument",
    "CaseEvent",
    "Proposal",
    "Recheck",
    "TraceRequest",
]
