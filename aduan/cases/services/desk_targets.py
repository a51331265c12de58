"""Leads set what the desk aims at; every setting stays, with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from aduan.accounts.models import User
from aduan.cases.models import DeskTarget
from aduan.cases.services.lead_settings import put_in_force

TARGETS: Final = ("waiting", "in_time", "agreement", "quality")


def set_desk_targets(figures: Mapping[str, int], *, reason: str, by: User, at: dt.datetime) -> DeskTarget:
    """Takes the place of the targets in force; `figures` names all of TARGETS.

    Raises Forbidden; IntegrityError for what the table does not allow.
    """
    return put_in_force(DeskTarget, figures, names=TARGETS, reason=reason, by=by, at=at)
