"""Until when an urgent block can be stopped before a list takes it, as the rules in force say."""

from __future__ import annotations

import datetime as dt

from aduan.accounts.models import User
from aduan.blocklists.queries.rules import rules_in_force
from aduan.cases.models import Case
from aduan.cases.queries import may_stop_urgent, urgent_block_of


def stoppable_until(case: Case, *, viewer: User, at: dt.datetime) -> dt.datetime | None:
    """From when on a list may take the urgent block of this case; None where this viewer cannot stop it."""
    block = urgent_block_of(case)
    if block is None or not may_stop_urgent(viewer, block):
        return None
    until = block.confirmed_at + rules_in_force().thresholds.urgent_delay
    return until if at < until else None
