"""What hold lists may do at most, as `targets` says it to every client."""

from __future__ import annotations

from aduan.blocklists.tuf_metadata import HoldLimits

_LIMITS = HoldLimits(longest_hours=7 * 24, most_entries=1000, again_after_days=90)


def hold_limits() -> HoldLimits:
    """Today's limits: clients believe them only once two of three holders have signed them."""
    return _LIMITS
