"""What pages and machines ask about lists. Frozen dataclasses and domain-named querysets; nothing is
written."""

from aduan.blocklists.queries.answers import (
    Clock,
    Performance,
    PublishedBlock,
    clocks_of,
    is_canary,
    listing,
    newest_with,
    not_fetched,
    open_numbers,
    outcomes_of,
    performance_of,
    published_block,
    reports_of,
)
from aduan.blocklists.queries.files import (
    ServedFile,
    file_of,
    files_of,
    latest,
    lists_for,
    name_of,
    named,
    summary,
)
from aduan.blocklists.queries.repository import (
    list_key_pem,
    list_target,
    newest_root,
    target,
    trust_page,
)

__all__ = [
    "Clock",
    "Performance",
    "PublishedBlock",
    "ServedFile",
    "clocks_of",
    "file_of",
    "files_of",
    "is_canary",
    "latest",
    "list_key_pem",
    "list_target",
    "listing",
    "lists_for",
    "name_of",
    "named",
    "newest_root",
    "newest_with",
    "not_fetched",
    "open_numbers",
    "outcomes_of",
    "performance_of",
    "published_block",
    "reports_of",
    "summary",
    "target",
    "trust_page",
]
