"""What a decision is and how long it took, in SQL: one definition for the dashboard and the public figures.

Each is put into a statement that calls the event `e` and its case `c`.
"""

from __future__ import annotations

from typing import Final

from aduan.cases.clocks import PROMISE

_HOURS: Final = int(PROMISE.total_seconds() // 3600)

# The clock as it stood at the decision. The event keeps it since a later step may begin it anew; of an older
# event whose case was opened again it is not known. A case without a text or file gets a clock too unless its
# complainants were asked: then nothing was due until they answered.
DECISION_CLOCK: Final = f"""
    SELECT CASE
            WHEN own.due_at IS NOT NULL THEN own.due_at
            WHEN NOT own.known OR EXISTS (SELECT FROM cases_caseevent asked
                WHERE asked.case_id = e.case_id AND asked.to_status = 'needs_info' AND asked.id < e.id)
            THEN NULL
            ELSE c.opened_at + interval '{_HOURS} hours' END AS due_at,
        coalesce(own.ready_at, c.opened_at) AS ready_at
    FROM (SELECT
        e.detail ? 'due_at' OR c.decided_at = e.created_at AS known,
        CASE WHEN e.detail ? 'due_at' THEN (e.detail ->> 'due_at')::timestamptz
            WHEN c.decided_at = e.created_at THEN c.due_at END AS due_at,
        CASE WHEN e.detail ? 'ready_at' THEN (e.detail ->> 'ready_at')::timestamptz
            ELSE c.ready_at END AS ready_at
    ) own
"""  # noqa: S608 - built of a constant
# What its author took back within seconds was no decision.
DECISION_STANDS: Final = """
    NOT EXISTS (SELECT FROM cases_caseevent taken
        WHERE taken.action = 'undo' AND taken.case_id = e.case_id AND taken.detail ->> 'event' = e.id::text)
"""
