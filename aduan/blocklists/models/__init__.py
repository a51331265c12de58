"""The tables of the room: lists and entries, what managers set, TUF pages, and what receivers answered."""

from aduan.blocklists.models.lists import SERIES_OF, BlockList, Entry, Kind, ListFile, Series
from aduan.blocklists.models.outcomes import Download, Outcome, OutcomeReport, RefusedReport, Reminder
from aduan.blocklists.models.policy import Canary, ListLane, ListRules, PublicationStop
from aduan.blocklists.models.tuf import SignatureRequest, TrustPage

__all__ = [
    "SERIES_OF",
    "BlockList",
    "Canary",
    "Download",
    "Entry",
    "Kind",
    "ListFile",
    "ListLane",
    "ListRules",
    "Outcome",
    "OutcomeReport",
    "PublicationStop",
    "RefusedReport",
    "Reminder",
    "Series",
    "SignatureRequest",
    "TrustPage",
]
