"""Figures of holds and of lines cut wrongly, for public statistics: whole counts and hours, no number."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

# A measure ends as wrong when two people, or a signer, said so. A new holder is no mistake of the decision.
_WRONG_HOLDS: Final = ["mistake", "objection", "protected"]
_WRONG_BLOCKS: Final = ["error", "objection", "protected"]
_COUNTS: Final = """
    SELECT count(*) FILTER (WHERE h.confirmed_at >= %(since)s AND h.confirmed_at < %(until)s),
           count(*) FILTER (WHERE h.end_reason = 'lapsed' AND ended),
           count(*) FILTER (WHERE h.became_block_at >= %(since)s AND h.became_block_at < %(until)s),
           count(*) FILTER (WHERE h.end_reason = ANY (%(wrong)s) AND ended),
           count(*) FILTER (WHERE h.end_reason = 'recycled' AND ended)
    FROM cases_hold h
    CROSS JOIN LATERAL (SELECT h.ended_at >= %(since)s AND h.ended_at < %(until)s AS ended) e
    WHERE h.confirmed_at IS NOT NULL AND h.confirmed_at < %(until)s
      AND (h.ended_at IS NULL OR h.ended_at >= %(since)s)
"""
# From the decision to the end, less the time for which the measure was lifted.
_HOURS: Final = """
    WITH wrong AS (
        SELECT b.confirmed_at AS began, b.released_at AS ended, l.lifted_at, l.ended_at AS back
        FROM cases_block b LEFT JOIN cases_temporarylift l ON l.block_id = b.id
        WHERE b.requested_action = 'block' AND b.release_reason = ANY (%(wrong_blocks)s)
          AND b.released_at >= %(since)s AND b.released_at < %(until)s
        UNION ALL
        SELECT h.confirmed_at, h.ended_at, l.lifted_at, l.ended_at
        FROM cases_hold h LEFT JOIN cases_temporarylift l ON l.hold_id = h.id
        WHERE h.end_reason = ANY (%(wrong)s) AND h.ended_at >= %(since)s AND h.ended_at < %(until)s)
    SELECT coalesce(sum(extract(epoch FROM greatest(w.ended - w.began, interval '0')
                - coalesce(least(coalesce(w.back, w.ended), w.ended) - w.lifted_at, interval '0'))), 0)
               / 3600,
           (SELECT count(*) FROM cases_block b WHERE b.requested_action = 'block'
              AND b.confirmed_at >= %(since)s AND b.confirmed_at < %(until)s)
    FROM wrong w
"""
_LIFTS: Final = """
    SELECT count(*) FILTER (WHERE l.lifted_at >= %(since)s AND l.lifted_at < %(until)s),
           count(*) FILTER (WHERE l.outcome = 'restored'
                              AND l.ended_at >= %(since)s AND l.ended_at < %(until)s)
    FROM cases_temporarylift l
"""


@dataclass(frozen=True, slots=True)
class HoldFigures:
    """What happened from `since` until before `until`. A hold counts where its end, or its block, falls.

    `wrong_hours` are hours for which blocks and holds that ended as wrong were in force, counted from the
    decision: an upper bound, because a line is cut some time after it. `lifts_restored`: objections of
    owners with a temporary lift that were not right.
    """

    since: dt.datetime
    until: dt.datetime
    holds: int
    lapsed: int
    became_blocks: int
    released_as_wrong: int
    recycled: int
    lifts: int
    lifts_restored: int
    blocks: int
    wrong_hours: float

    @property
    def wrong_hours_per_thousand_blocks(self) -> float | None:
        """None without a block in this time."""
        return 1000 * self.wrong_hours / self.blocks if self.blocks else None


def hold_figures(*, since: dt.datetime, until: dt.datetime) -> HoldFigures:
    """Three statements, of counts alone."""
    given: dict[str, Any] = {
        "since": since,
        "until": until,
        "wrong": _WRONG_HOLDS,
        "wrong_blocks": _WRONG_BLOCKS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, given)
        holds, lapsed, became_blocks, wrong, recycled = cursor.fetchone()
        cursor.execute(_HOURS, given)
        hours, blocks = cursor.fetchone()
        cursor.execute(_LIFTS, given)
        lifts, restored = cursor.fetchone()
    return HoldFigures(
        since=since,
        until=until,
        holds=holds,
        lapsed=lapsed,
        became_blocks=became_blocks,
        released_as_wrong=wrong,
        recycled=recycled,
        lifts=lifts,
        lifts_restored=restored,
        blocks=blocks,
        wrong_hours=float(hours),
    )
