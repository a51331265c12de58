"""Everything that makes, publishes and answers for lists. Doors call only what is named here."""

from aduan.blocklists.outcome_rows import AnswerRow
from aduan.blocklists.services.building import Preview, build_list, dry_run
from aduan.blocklists.services.downloads import HandOver, delivered, hand_over, hand_over_target
from aduan.blocklists.services.maintenance import (
    build_interims,
    build_missing,
    build_referrals,
    scrub,
    take_up,
)
from aduan.blocklists.services.operator_messages import remind
from aduan.blocklists.services.outcomes import apply_effects, report_outcomes, settle_refusal
from aduan.blocklists.services.publication_control import lift_stop, reject, release_hold, stop_publication
from aduan.blocklists.services.publishing import publish, publish_due, stopped
from aduan.blocklists.services.rules import (
    add_canary,
    agree_rules,
    end_canary,
    propose_rules,
    switch_inbound,
)
from aduan.blocklists.services.tuf_renewal import add_signatures, expiring, renew, rotate

__all__ = [
    "AnswerRow",
    "HandOver",
    "Preview",
    "add_canary",
    "add_signatures",
    "agree_rules",
    "apply_effects",
    "build_interims",
    "build_list",
    "build_missing",
    "build_referrals",
    "delivered",
    "dry_run",
    "end_canary",
    "expiring",
    "hand_over",
    "hand_over_target",
    "lift_stop",
    "propose_rules",
    "publish",
    "publish_due",
    "reject",
    "release_hold",
    "remind",
    "renew",
    "report_outcomes",
    "rotate",
    "scrub",
    "settle_refusal",
    "stop_publication",
    "stopped",
    "switch_inbound",
    "take_up",
]
