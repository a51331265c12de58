"""What pages and machines ask about lists.

Frozen dataclasses and domain-named querysets; nothing is written.
"""

from aduan.blocklists.queries.changes import Changes, changes_since, newest_sequence
from aduan.blocklists.queries.clocks import CLOCK, Clock, clocks_for, clocks_of, open_numbers
from aduan.blocklists.queries.files import (
    ServedFile,
    file_of,
    files_of,
    latest,
    lists_for,
    main_series,
    name_of,
    named,
    newest_of_each_series,
    notice_of,
    summary,
)
from aduan.blocklists.queries.hold_limits import accepted_holds, hold_limits, signed_hold_limits
from aduan.blocklists.queries.in_force_now import (
    Ground,
    NumberInForce,
    lists_in_force,
    numbers_in_force,
)
from aduan.blocklists.queries.late_holds import late_hold_lists
from aduan.blocklists.queries.outcomes import (
    PublishedBlock,
    cases_of_reason,
    is_canary,
    last_fetch,
    listing,
    newest_with,
    not_fetched,
    outcomes_of,
    published_block,
    refusals_to_settle,
    reports_of,
)
from aduan.blocklists.queries.performance import Performance, performance_of
from aduan.blocklists.queries.published_holds import PublishedHold, published_hold
from aduan.blocklists.queries.reconciling import (
    ALARMED_AFTER,
    DIFFERENCES,
    DifferingNumber,
    Reconciliation,
    differing,
    not_reported_as_lifted,
    open_refusals,
    reconcile,
)
from aduan.blocklists.queries.repository import (
    list_key_pem,
    list_target,
    metadata_bytes,
    newest_page_id,
    newest_root,
    public_key_path,
    target,
)
from aduan.blocklists.queries.rules import (
    Rules,
    Subscription,
    canaries,
    rules_in_force,
    rules_proposed,
    subscriptions,
)
from aduan.blocklists.queries.served_before import forget_served, remember_served, served_before
from aduan.blocklists.queries.trust import Fingerprint, Trust, trust
from aduan.blocklists.queries.urgent import stoppable_until

__all__ = [
    "ALARMED_AFTER",
    "CLOCK",
    "DIFFERENCES",
    "Changes",
    "Clock",
    "DifferingNumber",
    "Fingerprint",
    "Ground",
    "NumberInForce",
    "Performance",
    "PublishedBlock",
    "PublishedHold",
    "Reconciliation",
    "Rules",
    "ServedFile",
    "Subscription",
    "Trust",
    "accepted_holds",
    "canaries",
    "cases_of_reason",
    "changes_since",
    "clocks_for",
    "clocks_of",
    "differing",
    "file_of",
    "files_of",
    "forget_served",
    "hold_limits",
    "is_canary",
    "last_fetch",
    "late_hold_lists",
    "latest",
    "list_key_pem",
    "list_target",
    "listing",
    "lists_for",
    "lists_in_force",
    "main_series",
    "metadata_bytes",
    "name_of",
    "named",
    "newest_of_each_series",
    "newest_page_id",
    "newest_root",
    "newest_sequence",
    "newest_with",
    "not_fetched",
    "not_reported_as_lifted",
    "notice_of",
    "numbers_in_force",
    "open_numbers",
    "open_refusals",
    "outcomes_of",
    "performance_of",
    "public_key_path",
    "published_block",
    "published_hold",
    "reconcile",
    "refusals_to_settle",
    "remember_served",
    "reports_of",
    "rules_in_force",
    "rules_proposed",
    "served_before",
    "signed_hold_limits",
    "stoppable_until",
    "subscriptions",
    "summary",
    "target",
    "trust",
]
