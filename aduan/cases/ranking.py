"""Why a case stands where it stands.

Points per fact, in one SQL expression, and the sentence that explains it.

Points only rank; they never decide. They grow with the logarithm of what one person could inflate, and they
move in steps, so that one more complaint on a viral number mostly leaves the row's indexes alone. Pure.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# One row of points for each case `c` at the instant %(at)s.
POINTS: Final = """
    jsonb_strip_nulls(jsonb_build_object(
        'independent', round(60 * log(2, 1 + least(c.independent_count, 64)))::int,
        'confirmed', nullif(round(20 * log(2, 1 + least(c.confirmed_count, c.independent_count, 64)))::int,
        0), 'evidence', nullif(15 * least(c.evidence_count, 8), 0),
        'reported_loss',
            nullif(least(round(10 * log(1 + greatest(c.reported_loss, 0) / 100000))::int, 60), 0),
        'recent', CASE
            WHEN c.last_complaint_at > %(at)s - interval '1 day' THEN 40
            WHEN c.last_complaint_at > %(at)s - interval '3 days' THEN 25
            WHEN c.last_complaint_at > %(at)s - interval '7 days' THEN 10 END,
        'clock', CASE
            WHEN c.paused_at IS NOT NULL OR c.due_at IS NULL THEN NULL
            WHEN c.due_at <= %(at)s THEN 80
            WHEN c.due_at <= %(at)s + interval '4 hours' THEN 60
            WHEN c.due_at <= %(at)s + interval '12 hours' THEN 30 END,
        'objection', CASE WHEN c.objection_since IS NOT NULL THEN 100 END,
        'reopened', CASE WHEN c.reopened_count > 0 THEN 15 END
    ))
"""

RANK: Final = f"""
    UPDATE cases_case AS target SET score = fresh.score, score_parts = fresh.points
    FROM (
        SELECT c.id, p.points, (SELECT sum(value::int) FROM jsonb_each_text(p.points)) AS score
        FROM cases_case c CROSS JOIN LATERAL (SELECT {POINTS} AS points) p
        WHERE {{which}}
    ) AS fresh
    WHERE target.id = fresh.id AND (target.score <> fresh.score OR target.score_parts <> fresh.points)
"""  # noqa: S608 - both parts are constants of this module


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
    at: dt.datetime,
) -> str:
    """One sentence, e.g. "6 independent complainants, 3 evidence items, newest today, due in 3 h."""
    parts = [ngettext("%d independent complainant", "%d independent complainants", independent) % independent]
    if confirmed:
        parts.append(ngettext("%d confirmed contact", "%d confirmed contacts", confirmed) % confirmed)
    if evidence:
        parts.append(ngettext("%d evidence item", "%d evidence items", evidence) % evidence)
    if reported_loss:
        parts.append(_("Rp %s lost") % f"{reported_loss:,}".replace(",", "."))
    if last_complaint_at:
        parts.append(_newest(at - last_complaint_at))
    if due_at:
        parts.append(_due(due_at, paused_at, at))
    if "objection" in points:
        parts.append(_("the owner objects"))
    if "reopened" in points:
        parts.append(_("opened again"))
    return _("%(points)d points: %(facts)s.") % {"points": sum(points.values()), "facts": ", ".join(parts)}


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
