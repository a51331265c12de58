"""The tables of the package: lists and entries, what managers set, TUF pages, and what receivers answered."""

from aduan.blocklists.models.lists import SERIES_OF, BlockList, BlockListEntry, ListFile, ListSeries, ListType
from aduan.blocklists.models.outcomes import (
    ClosedClock,
    Download,
    Outcome,
    OutcomeReport,
    RejectedOutcomeReport,
    SentReminder,
)
from aduan.blocklists.models.policy import Canary, ListRules, ListSubscription, PublicationStop
from aduan.blocklists.models.tuf import SignatureRequest, TufMetadata

__all__ = [
    "SERIES_OF",
    "BlockList",
    "BlockListEntry",
    "Canary",
    "ClosedClock",
    "Download",
    "ListFile",
    "ListRules",
    "ListSeries",
    "ListSubscription",
    "ListType",
    "Outcome",
    "OutcomeReport",
    "PublicationStop",
    "RejectedOutcomeReport",
    "SentReminder",
    "SignatureRequest",
    "TufMetadata",
]
