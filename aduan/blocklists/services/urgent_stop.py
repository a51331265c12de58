"""Stopping an urgent block before a list takes it: the rules of publication say how long that is possible."""

from __future__ import annotations

import datetime as dt

from aduan.accounts.models import User
from aduan.blocklists.queries import rules_in_force
from aduan.cases import services as cases
from aduan.cases.models import Case


def stop_urgent_block(case: Case, *, by: User, at: dt.datetime, reason: str) -> Case:
    """One signer or a lead, at once; see `cases.services.stop_urgent`."""
    return cases.stop_urgent(
        case, by=by, at=at, delay=rules_in_force().thresholds.urgent_delay, reason=reason
    )
