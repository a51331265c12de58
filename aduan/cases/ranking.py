"""Why a case stands where it stands.

Points per fact, in one SQL expression, and the sentence that explains them.

Each point brings a case forward by the minutes of waiting that the weights name, so that its place is its due
date moved up by its points: age counts without ceiling, equal points stand by due date, and no row has to be
written again because time has passed. Points only rank; they never decide. They grow with the logarithm of
what one person could inflate. Pure.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Points, and what they are worth. `cases_rankingpolicy` has a column for each; these hold without a row.
DEFAULT_WEIGHTS: Final[Mapping[str, int]] = MappingProxyType(
    {
        "independent": 60,  # for each doubling of the independent complainants
        "confirmed": 20,  # for each doubling of the confirmed contacts
        "evidence": 15,  # for each item of evidence
        "reported_loss": 10,  # for each tenfold of 100,000 rupiah
        "recent": 40,  # for a complaint of the last 24 hours, less for one of the last days
        "objection": 100,
        "reopened": 15,
        "minutes_per_point": 180,
    }
)
# Points of a case that the ranker is sure will be blocked: what a single weight can be at most.
RANKER_POINTS: Final = 1000
_NEWEST: Final = "SELECT * FROM cases_rankingpolicy ORDER BY id DESC LIMIT 1"
_OR_DEFAULT: Final = ", ".join(
    [
        *(f"coalesce(p.{name}, {default}) AS {name}" for name, default in DEFAULT_WEIGHTS.items()),
        "coalesce(p.by_ranker, false) AS by_ranker",
    ]
)
# The weights in force, one row.
WEIGHTS: Final = f"SELECT {_OR_DEFAULT} FROM (SELECT 1) one LEFT JOIN ({_NEWEST}) p ON true"  # noqa: S608 - constants
# One row of weights that the statement is given instead.
GIVEN_WEIGHTS: Final = (
    "SELECT "
    + ", ".join(f"%({name})s::int AS {name}" for name in DEFAULT_WEIGHTS)
    + ", %(by_ranker)s::boolean AS by_ranker"
)

# The points of each case `c` at the instant %(at)s under the weights `w`. Where the ranker orders, its chance
# takes the place of the facts; a case that it has not read yet, for a day at most, stands by them.
POINTS: Final = f"""
    jsonb_strip_nulls(CASE WHEN w.by_ranker AND c.ranker_chance IS NOT NULL THEN
        jsonb_build_object('ranker', ({RANKER_POINTS} * c.ranker_chance / 1000)::int)
    ELSE jsonb_build_object(
        'independent', round(w.independent * log(2, 1 + least(c.independent_count, 64)))::int,
        'confirmed', nullif(round(
            w.confirmed * log(2, 1 + least(c.confirmed_count, c.independent_count, 64)))::int, 0),
        'evidence', nullif(w.evidence * least(c.evidence_count, 8), 0),
        'reported_loss', nullif(
            round(w.reported_loss * least(log(1 + greatest(c.reported_loss, 0) / 100000), 6))::int, 0),
        'recent', CASE
            WHEN c.last_complaint_at > %(at)s - interval '1 day' THEN w.recent
            WHEN c.last_complaint_at > %(at)s - interval '3 days' THEN w.recent * 5 / 8
            WHEN c.last_complaint_at > %(at)s - interval '7 days' THEN w.recent / 4 END
    ) END || jsonb_build_object(
        'objection', CASE WHEN c.objection_since IS NOT NULL THEN w.objection END,
        'reopened', CASE WHEN c.reopened_count > 0 THEN w.reopened END
    ))
"""
# Its place among the others, the highest first, from its `points`: minutes by which its due date, moved up by
# its points, lies before a day that none of us sees. A case without a clock waits from its first day.
SCORE: Final = """
    (extract(epoch FROM timestamptz '2100-01-01 00:00Z'
        - coalesce(c.due_at, c.opened_at + interval '1 day')) / 60)::int
    + w.minutes_per_point * (SELECT sum(value::int) FROM jsonb_each_text(points))::int
"""

RANK: Final = f"""
    UPDATE cases_case AS target SET score = fresh.score, score_parts = fresh.points
    FROM (
        SELECT c.id, points, {SCORE} AS score
        FROM cases_case c CROSS JOIN ({WEIGHTS}) w CROSS JOIN LATERAL (SELECT {POINTS} AS points) p
        WHERE {{which}}
    ) AS fresh
    WHERE target.id = fresh.id AND (target.score <> fresh.score OR target.score_parts <> fresh.points)
"""  # noqa: S608 - all parts are constants of this module


class Strokes(NamedTuple):
    """Three facts of the rank, each in percent of the most that counts for it."""

    independent: int
    evidence: int
    reported_loss: int


def strokes(*, independent: int, evidence: int, reported_loss: int) -> Strokes:
    """The facts of `POINTS` that differ most between cases, on the same scales, whatever they weigh."""
    return Strokes(
        independent=round(100 * math.log2(1 + min(independent, 64)) / math.log2(65)),
        evidence=round(100 * min(evidence, 8) / 8),
        reported_loss=round(100 * min(math.log10(1 + max(reported_loss, 0) / 100_000), 6) / 6),
    )


def explain(
    *,
    independent: int,
    confirmed: int,
    evidence: int,
    reported_loss: int,
    last_complaint_at: dt.datetime | None,
    due_at: dt.datetime | None,
    paused_at: dt.datetime | None,
    points: Mapping[str, int],
    ranker_words: Sequence[str],
    at: dt.datetime,
) -> str:
    """One sentence, e.g. "6 independent complainants, 3 evidence items, newest today, due in 3 h."""
    parts = _similarity(points["ranker"], ranker_words) if "ranker" in points else []
    parts.append(
        ngettext("%d independent complainant", "%d independent complainants", independent) % independent
    )
    if confirmed:
        parts.append(ngettext("%d confirmed contact", "%d confirmed contacts", confirmed) % confirmed)
    if evidence:
        parts.append(ngettext("%d evidence item", "%d evidence items", evidence) % evidence)
    if reported_loss:
        parts.append(_("Rp\u00a0%s lost") % f"{reported_loss:,}".replace(",", "."))
    if last_complaint_at:
        parts.append(_newest(at - last_complaint_at))
    if due_at:
        parts.append(_due(due_at, paused_at, at))
    if "objection" in points:
        parts.append(_("the owner objects"))
    if "reopened" in points:
        parts.append(_("opened again"))
    return _("%(points)d points: %(facts)s.") % {"points": sum(points.values()), "facts": ", ".join(parts)}


def _similarity(points: int, words: Sequence[str]) -> list[str]:
    """What the shadow ranker says, where it orders the queue."""
    said = [
        _("like cases of which %(percent)d of 100 were blocked") % {"percent": 100 * points // RANKER_POINTS}
    ]
    if words:
        said.append(_("by the words “%s”") % "”, “".join(words))
    return said


def _newest(age: dt.timedelta) -> str:
    days = max(age.days, 0)
    if days == 0:
        return _("newest in the last 24 hours")
    return ngettext("newest %d day ago", "newest %d days ago", days) % days


def _due(due_at: dt.datetime, paused_at: dt.datetime | None, at: dt.datetime) -> str:
    if paused_at:
        return _("clock stopped")
    apart = abs(due_at - at)
    if due_at <= at and apart.days > 1:
        return ngettext("overdue by %d day", "overdue by %d days", apart.days) % apart.days
    hours = int(apart.total_seconds() // 3600)
    return (_("overdue by %d h") if due_at <= at else _("due in %d h")) % hours
