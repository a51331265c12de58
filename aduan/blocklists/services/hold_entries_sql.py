"""SQL texts of hold lists: which numbers are held now, and until when. Used by `entries_sql`.

Like every list they select by state: a hold in force that was not on the list before is new, one that is
not in force any more is removed. `%(longest)s` are the hours that key holders have signed for: a hold that
the policy lets run longer ends on lists as early as clients accept. `%(most)s` is their ceiling: a list of
more would be refused whole, so the last holds wait, and monitoring says so.
"""

from __future__ import annotations

_END = "least(h.ends_at, date_trunc('second', h.confirmed_at) + make_interval(hours => %(longest)s))"
# What is lifted until its owner's objection is decided is on no list. Signers and protection are guards: the
# hold of a protected number has ended already.
IN_FORCE = f"""h.operator_id = %(operator)s AND h.state = 'confirmed' AND h.ended_at IS NULL
          AND h.confirmed_at <= %(at)s AND {_END} > %(at)s
          AND h.second_by_id <> h.proposed_by_id AND NOT numbers_is_protected('+' || h.digits)
          AND NOT EXISTS (SELECT FROM cases_temporarylift l WHERE l.hold_id = h.id AND l.ended_at IS NULL)"""
# `until` is the first day that is no longer wholly covered, in Jakarta.
SOURCE = f"""SELECT h.digits, (h.confirmed_at AT TIME ZONE 'Asia/Jakarta')::date AS since,
               ({_END} AT TIME ZONE 'Asia/Jakarta')::date AS until, h.category, h.case_id,
               NULL::int AS reports, NULL::int AS evidence, {_END} AS ends_at
        FROM cases_hold h WHERE {IN_FORCE}
        ORDER BY h.confirmed_at, h.id LIMIT %(most)s"""
# What stays when a list only removes: rows of the list before, as they were.
STILL_HELD = f"""SELECT p.digits, p.since, p.until, p.category, p.case_id, NULL::int AS reports,
               NULL::int AS evidence, p.ends_at
        FROM {{before}} p WHERE p.ends_at > %(at)s
          AND EXISTS (SELECT FROM cases_hold h WHERE h.digits = p.digits AND {IN_FORCE})"""
# New numbers whose hold two different people did not sign. The source leaves them out; this asks once more.
UNCONFIRMED = """SELECT e.digits FROM {mine} e WHERE e.is_new AND NOT EXISTS (
        SELECT FROM cases_hold h WHERE h.digits = e.digits AND h.case_id = e.case_id AND h.state = 'confirmed'
          AND h.second_by_id <> h.proposed_by_id AND h.second_step_up_id IS NOT NULL) LIMIT 21"""
