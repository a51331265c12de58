"""Leads set how the queue is ordered; every setting stays, with its reason."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from aduan.accounts.models import User
from aduan.cases.models import RankingPolicy
from aduan.cases.ranking import DEFAULT_WEIGHTS
from aduan.cases.services.lead_settings import put_in_force

RANKING_FIGURES: Final = (*DEFAULT_WEIGHTS, "oldest_percent", "random_percent", "longest_days")


def set_ranking(figures: Mapping[str, int], *, reason: str, by: User, at: dt.datetime) -> RankingPolicy:
    """Takes the place of the setting in force; waiting cases get their new places within minutes, by a job.

    `figures` names all of RANKING_FIGURES.

    Raises Forbidden; IntegrityError for what the table does not allow.
    """
    given = {**figures, "by_ranker": RankingPolicy.current().by_ranker}
    return put_in_force(RankingPolicy, given, names=given, reason=reason, by=by, at=at)
