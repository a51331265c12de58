"""Who has a case open, as the others may see it."""

from __future__ import annotations

from typing import Final

# One select list item; a condition on `p.case_id` and the closing bracket follow. People who signed a
# proposal that still waits are not named: the one who signs next decides without knowing who was before them.
NAMES_OF_PRESENT: Final = """
    (SELECT jsonb_agg(u.name ORDER BY p.opened_at) FROM cases_casepresence p
        JOIN accounts_user u ON u.id = p.person_id
        WHERE p.seen_at > %(present)s AND NOT EXISTS (
            SELECT FROM cases_proposal q WHERE q.case_id = p.case_id AND q.state = 'pending'
                AND p.person_id IN (q.proposed_by_id, q.second_by_id)
        )"""
