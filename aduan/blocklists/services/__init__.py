"""Everything that makes, publishes and answers for lists. Interfaces call only what is named here."""

from aduan.blocklists.outcome_rows import AnswerRow
from aduan.blocklists.services.building import Preview, build_list, dry_run
from aduan.blocklists.services.downloads import (
    FileDownload,
    file_address,
    record_delivery,
    repeat_download,
    start_download,
    start_target_download,
)
from aduan.blocklists.services.hold_lists import build_holds, build_removals, end_finished_holds
from aduan.blocklists.services.list_changes import (
    approve_list_change,
    request_canary,
    request_canary_end,
    request_inbound,
)
from aduan.blocklists.services.maintenance import (
    build_first,
    build_interims,
    build_missing,
    build_referrals,
    missing_lists,
    resume_stalled,
    verify_files,
)
from aduan.blocklists.services.next_lists import next_lists
from aduan.blocklists.services.old_proofs import delete_old_proofs
from aduan.blocklists.services.operator_messages import remind
from aduan.blocklists.services.outcomes import apply_effects, report_outcomes, settle_refusal
from aduan.blocklists.services.publication_control import (
    lift_stop,
    reject,
    replay_stop,
    resume_list,
    stop_publication,
)
from aduan.blocklists.services.publishing import publish, publish_due, stopped
from aduan.blocklists.services.rules import agree_rules, propose_rules
from aduan.blocklists.services.sandbox import open_sandbox, refresh_sandbox
from aduan.blocklists.services.tuf_renewal import add_signatures, expiring, renew, rotate
from aduan.blocklists.services.urgent_stop import stop_urgent_block
from aduan.blocklists.services.version_files import write_versions

__all__ = [
    "AnswerRow",
    "FileDownload",
    "Preview",
    "add_signatures",
    "agree_rules",
    "apply_effects",
    "approve_list_change",
    "build_first",
    "build_holds",
    "build_interims",
    "build_list",
    "build_missing",
    "build_referrals",
    "build_removals",
    "delete_old_proofs",
    "dry_run",
    "end_finished_holds",
    "expiring",
    "file_address",
    "lift_stop",
    "missing_lists",
    "next_lists",
    "open_sandbox",
    "propose_rules",
    "publish",
    "publish_due",
    "record_delivery",
    "refresh_sandbox",
    "reject",
    "remind",
    "renew",
    "repeat_download",
    "replay_stop",
    "report_outcomes",
    "request_canary",
    "request_canary_end",
    "request_inbound",
    "resume_list",
    "resume_stalled",
    "rotate",
    "settle_refusal",
    "start_download",
    "start_target_download",
    "stop_publication",
    "stop_urgent_block",
    "stopped",
    "verify_files",
    "write_versions",
]
