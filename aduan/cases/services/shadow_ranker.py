"""Takes up what the shadow ranker says of the queue, compares it a week later, and lets a lead use it.

The ranker itself reads complaints and is `aduan.ranker`; here is what it is worth.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.cases.models import RankerRun, RankingPolicy
from aduan.cases.queries.shadow_ranker import ranker_state
from aduan.cases.ranking import DEFAULT_WEIGHTS, GIVEN_WEIGHTS, POINTS, SCORE
from aduan.cases.services.lead_settings import put_in_force
from aduan.cases.services.ranking_policies import RANKING_FIGURES
from aduan.cases.services.search_index import rerank_waiting
from aduan.core.errors import WrongState
from aduan.core.periods import local_date

WEEK: Final = dt.timedelta(days=7)
FIFTH: Final = 5  # the first 1/5 of the queue

_TELL: Final = """
    UPDATE cases_case c SET ranker_chance = said.chance, ranker_words = string_to_array(said.words, ' ')
    FROM unnest(%(cases)s::bigint[], %(chances)s::int[], %(words)s::text[]) AS said(case_id, chance, words)
    WHERE c.id = said.case_id AND (c.ranker_chance, c.ranker_words)
        IS DISTINCT FROM (said.chance, string_to_array(said.words, ' ')::varchar[])
"""
# Where each open case stands that the ranker has read, by points and by what it said.
_PLACE: Final = f"""
    INSERT INTO cases_rankerplace (run_id, case_id, chance, by_points, by_ranker)
    SELECT %(run)s, id, ranker_chance, row_number() OVER (ORDER BY points_score DESC, id DESC),
        row_number() OVER (ORDER BY ranker_score DESC, id DESC)
    FROM (
        SELECT c.id, c.ranker_chance,
            (SELECT {SCORE} FROM (SELECT {POINTS} AS points) p) AS points_score,
            (SELECT {SCORE} FROM (SELECT {POINTS.replace("w.by_ranker", "true")} AS points) p) AS ranker_score
        FROM cases_case c CROSS JOIN ({GIVEN_WEIGHTS}) w
        WHERE c.id = ANY(%(cases)s) AND c.status = 'open'
    ) scored
"""  # noqa: S608 - constants of the domain
# What became of them within a week, by the ranker's chance in fifths.
_COMPARE: Final = """
    WITH compared AS (
        SELECT least(p.chance / 200, 4) AS band, p.chance,
            p.by_points <= ceil(%(placed)s / %(fifth)s::numeric) AS first_by_points,
            p.by_ranker <= ceil(%(placed)s / %(fifth)s::numeric) AS first_by_ranker,
            EXISTS (
                SELECT FROM cases_caseevent e WHERE e.case_id = p.case_id AND e.action = 'confirm_block'
                    AND e.created_at > %(since)s AND e.created_at <= %(until)s
            ) AS blocked
        FROM cases_rankerplace p WHERE p.run_id = %(run)s
    )
    SELECT coalesce(sum(blocked), 0), coalesce(sum(by_points), 0), coalesce(sum(by_ranker), 0),
        coalesce(jsonb_agg(jsonb_build_array(band, cases, chances, blocked) ORDER BY band), '[]')
    FROM (
        SELECT band, count(*) AS cases, sum(chance) AS chances, count(*) FILTER (WHERE blocked) AS blocked,
            count(*) FILTER (WHERE blocked AND first_by_points) AS by_points,
            count(*) FILTER (WHERE blocked AND first_by_ranker) AS by_ranker
        FROM compared GROUP BY band
    ) bands
"""


@dataclass(frozen=True, slots=True)
class Opinion:
    """How likely a block is, per mille, and the words of its complaints that speak for one most."""

    chance: int
    words: tuple[str, ...] = ()


@transaction.atomic
def record_ranker_run(
    state: RankerRun.State,
    *,
    at: dt.datetime,
    decisions: int = 0,
    blocks: int = 0,
    opinions: Mapping[int, Opinion] | None = None,
) -> RankerRun:
    """Keeps what the ranker says of each open case of `opinions` (by case id), and where they stand.

    Raises IntegrityError when that day has its run.
    """
    run = RankerRun.objects.create(day=local_date(at), at=at, state=state, decisions=decisions, blocks=blocks)
    if opinions:
        said: dict[str, Any] = {
            "cases": list(opinions),
            "chances": [one.chance for one in opinions.values()],
            "words": [" ".join(one.words) for one in opinions.values()],
        }
        policy = RankingPolicy.current()
        weights = {name: getattr(policy, name) for name in DEFAULT_WEIGHTS}
        with connection.cursor() as cursor:
            cursor.execute(_TELL, said)
            cursor.execute(
                _PLACE, {**weights, "by_ranker": False, "run": run.pk, "cases": said["cases"], "at": at}
            )
            run.placed = cursor.rowcount
        run.save(update_fields=["placed"])
        if policy.by_ranker:
            rerank_waiting(at=at)
    return run


@transaction.atomic
def compare_ranker_runs(*, at: dt.datetime) -> list[RankerRun]:
    """Compares the runs whose week is over with what was blocked in it; forgets their places.

    A ranker in use that no longer earns it is taken out of use.
    """
    due = RankerRun.objects.select_for_update().filter(
        state=RankerRun.State.LEARNT, compared_at=None, at__lte=at - WEEK
    )
    runs = [_compare(run, at) for run in due.order_by("day")]
    state = ranker_state(at=at)
    if state.in_use and state.lost:
        _put_in_force(use=False, reason=state.lost, by=None, at=at)
    return runs


def _compare(run: RankerRun, at: dt.datetime) -> RankerRun:
    given: dict[str, Any] = {
        "run": run.pk,
        "placed": run.placed,
        "fifth": FIFTH,
        "since": run.at,
        "until": run.at + WEEK,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE, given)
        run.blocked, run.found_by_points, run.found_by_ranker, chances = cursor.fetchone()
    run.chances, run.compared_at = json.loads(chances) if isinstance(chances, str) else chances, at
    run.save(update_fields=["blocked", "found_by_points", "found_by_ranker", "chances", "compared_at"])
    run.places.all().delete()
    return run


def use_ranker(*, use: bool, reason: str, by: User, at: dt.datetime) -> RankingPolicy:
    """Lets the ranker order the queue, or the points again; its places are taken within minutes, by a job.

    Raises Forbidden, WrongState while it has not earned it.
    """
    by.require(Permission.SET_RANKING)
    if use and ranker_state(at=at).lost:
        raise WrongState("not_earned", _("The ranker has not found enough more than the points do."))
    return _put_in_force(use=use, reason=reason, by=by, at=at)


def _put_in_force(*, use: bool, reason: str, by: User | None, at: dt.datetime) -> RankingPolicy:
    current = RankingPolicy.current()
    figures = {name: getattr(current, name) for name in RANKING_FIGURES} | {"by_ranker": use}
    return put_in_force(RankingPolicy, figures, names=figures, reason=reason, by=by, at=at)
