"""SQL texts with which `entries.ListEntries` selects, compares and checks the entries of a list.

No loop over numbers runs in Python, and nothing asks *when* a decision was made: a block that is in force
and was not on the list before is new, a number that was and no longer is in force is removed. A transaction
that commits late is therefore simply on the next list. Only an urgent block waits for its short delay, and
then is as new as ever. See docs/adr, "Select by state".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from psycopg2 import sql

from aduan.blocklists import formats
from aduan.blocklists.models import ListSeries, ListType
from aduan.blocklists.services import hold_entries_sql

if TYPE_CHECKING:
    from collections.abc import Sequence

# What the receiver is asked to do with a number that came, and with one that went.
ACTIONS = {
    ListSeries.BLOCK: ("block", "unblock"),
    ListSeries.HOLD: ("hold", "unhold"),
    ListSeries.REFERRAL: ("refer", "withdraw"),
    ListSeries.INBOUND: ("filter", "unfilter"),
}

# Digits filled up with zeros to 15: ordering by place, then by digits, is ordering the digits as text in
# the C locale (what `LC_ALL=C sort` does), at half the price. See stop_rules.PLACES.
PLACE = """CASE WHEN {0} >= 100000000000000 THEN {0}
    WHEN {0} >= 10000000000000 THEN {0} * 10 WHEN {0} >= 1000000000000 THEN {0} * 100
    WHEN {0} >= 100000000000 THEN {0} * 1000 WHEN {0} >= 10000000000 THEN {0} * 10000
    WHEN {0} >= 1000000000 THEN {0} * 100000 WHEN {0} >= 100000000 THEN {0} * 1000000
    ELSE {0} * power(10::numeric, 15 - length({0}::text))::bigint END"""
IN_FORCE = (
    "b.released_at IS NULL AND b.digits IS NOT NULL AND b.valid_from <= %(day)s AND b.valid_until > %(day)s"
    # Lifted until the objection of the owner is decided.
    " AND NOT EXISTS (SELECT FROM cases_temporarylift l WHERE l.block_id = b.id AND l.ended_at IS NULL)"
)
# An urgent block can be stopped by one person for a short while; until then no list takes it. What stands on
# the list before stays: nothing here removes a number.
MAY_LEAVE = """(NOT b.urgent OR b.confirmed_at <= %(urgent_until)s
               OR EXISTS (SELECT FROM {before} p WHERE p.digits = b.digits))"""
# Columns of list files are called `since` and `until`; a block names them `valid_from` and `valid_until`.
ENTRY = "b.digits, b.valid_from AS since, b.valid_until AS until, b.category, b.case_id"
PLAIN = f"{ENTRY}, NULL::int AS reports, NULL::int AS evidence, NULL::timestamptz AS ends_at"
# The unique id of a referral is fixed by its block (see aduan.referrals.codes.uid_of_block), so that a list
# knows it, also before the platform is asked.
REFERRAL_UID = "md5('referral:' || b.id)::uuid"
# Where a series finds its numbers. `before` is the list before it (or an empty set).
SOURCES = {
    ListType.MONTHLY: f"""SELECT {PLAIN} FROM cases_block b
        WHERE b.operator_id = %(operator)s AND b.requested_action = 'block' AND {IN_FORCE}
          AND {MAY_LEAVE}""",
    ListType.INTERIM: f"""SELECT {PLAIN} FROM cases_block b
        WHERE b.operator_id = %(operator)s AND b.requested_action = 'block' AND {IN_FORCE}
          AND ((b.urgent AND b.confirmed_at <= %(urgent_until)s)
               OR EXISTS (SELECT FROM cases_temporarylift l
                          WHERE l.block_id = b.id AND l.outcome = 'restored')
               OR EXISTS (SELECT FROM {{before}} p WHERE p.digits = b.digits))""",
    ListType.HOLD: hold_entries_sql.SOURCE,
    ListType.REFERRAL: f"""SELECT DISTINCT ON (b.digits) {ENTRY},
               coalesce((c.channels ->> %(code)s)::int, 0) AS reports, c.evidence_count AS evidence,
               NULL::timestamptz AS ends_at, {REFERRAL_UID} AS referral
        FROM cases_block b JOIN cases_case c ON c.id = b.case_id
        WHERE b.operator_id = %(operator)s AND b.requested_action = 'refer' AND {IN_FORCE}
        ORDER BY b.digits, b.id""",
    ListType.INBOUND: f"""SELECT DISTINCT ON (b.digits) {PLAIN} FROM cases_block b
        WHERE b.digits::text NOT LIKE '62%%' AND {IN_FORCE} AND {MAY_LEAVE}
        ORDER BY b.digits, b.id""",
}
# What stays of the list before when a list only removes: its rows as they were, so that the role that
# publishes it can change none of them.
STAYS = f"""SELECT p.digits, p.since, p.until, p.category, p.case_id, NULL::int AS reports,
               NULL::int AS evidence, p.ends_at
        FROM {{before}} p
        WHERE EXISTS (SELECT FROM cases_block b WHERE b.digits = p.digits AND b.operator_id = %(operator)s
                          AND b.requested_action = 'block' AND {IN_FORCE})
           OR EXISTS (SELECT FROM blocklists_canary n WHERE n.digits = p.digits AND n.until > %(day)s)"""
STAYING = {ListType.INTERIM: STAYS, ListType.HOLD: hold_entries_sql.STILL_HELD}
# Conditions on a block `b`; numbers of hold lists rest on a hold.
WANTED = {
    ListSeries.BLOCK: "b.operator_id = %(operator)s AND b.requested_action = 'block'",
    ListSeries.REFERRAL: "b.operator_id = %(operator)s AND b.requested_action = 'refer'",
    ListSeries.INBOUND: "TRUE",
}
CANARIES = """ UNION ALL
        SELECT n.digits, n.since, n.until, n.category, n.case_id, NULL::int, NULL::int, NULL::timestamptz
        FROM blocklists_canary n
        WHERE n.operator_id = %(operator)s AND n.since <= %(day)s AND n.until > %(day)s"""
CASE_REFERENCE = """'K-' || CASE WHEN case_id < 100000000 THEN substr((100000000 + case_id)::text, 2)
                        ELSE case_id::text END"""
# The hour of ending as RFC 3339 in UTC: a fraction of a second is cut off, so a hold never ends later than it
# should. A day in Jakarta begins at 17 o'clock UTC of the day before; Indonesia has no summer time.
ENDS_AT = """coalesce(to_char(ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                      (until - 1)::text || 'T17:00:00Z')"""
# New numbers whose block does not rest on a proposal that two different people confirmed, or three. It starts
# from the few proposals that do not (the index `proposal_unsigned` holds just them); the lateral join keeps
# PostgreSQL, which cannot know how few they are, from reading all proposals or all blocks.
UNSIGNED = """WITH unsigned AS MATERIALIZED (
               SELECT p.id FROM cases_proposal p WHERE NOT coalesce(p.state = 'confirmed'
                   AND ((p.second_agrees AND p.second_by_id <> p.proposed_by_id)
                        OR (p.third_agrees AND p.third_by_id <> p.proposed_by_id))
                   AND (NOT p.needs_third OR p.second_agrees AND p.third_agrees), FALSE))
           SELECT found.digits FROM unsigned u CROSS JOIN LATERAL (
               SELECT e.digits FROM cases_block b
               JOIN {mine} e ON e.digits = b.digits AND e.case_id = b.case_id
               WHERE b.proposal_id = u.id AND b.released_at IS NULL AND e.is_new LIMIT 1) found
           LIMIT 21"""


def partition(list_id: int) -> sql.Identifier:
    return sql.Identifier(f"blocklists_blocklistentry_{int(list_id)}")


def entries_of(list_id: int) -> sql.Composed:
    """The entries of one list through the parent, as row security wants it while operators are served."""
    return sql.SQL("(SELECT * FROM blocklists_blocklistentry WHERE list_id = {})").format(
        sql.Literal(list_id)
    )


def insert_statement(kind: ListType, *, canaries: bool, only_removals: bool) -> str:
    """Every number in force, with `is_new` against the list before; formatted with {mine} and {before}."""
    source = SOURCES[kind] + (CANARIES if canaries else "")
    if only_removals and kind in STAYING:
        source = STAYING[kind]
    return f"""
        INSERT INTO {{mine}}
            (list_id, digits, since, until, category, case_id, is_new, reports, evidence,
             ends_at, referral)
        SELECT %(list)s, s.digits, s.since, s.until, s.category, s.case_id, p.digits IS NULL,
               s.reports, s.evidence, s.ends_at, {"s.referral" if kind == ListType.REFERRAL else "NULL::uuid"}
        FROM ({source}) s LEFT JOIN {{before}} p ON p.digits = s.digits
        ORDER BY {PLACE.format("s.digits")}, s.digits"""


def pending_statement(kind: ListType) -> str:
    """Whether a list made now would add a number, whether it would remove one; formatted with {before}."""
    return f"""WITH s AS MATERIALIZED ({SOURCES[kind]})
        SELECT EXISTS (SELECT FROM s
                   WHERE NOT EXISTS (SELECT FROM {{before}} p WHERE p.digits = s.digits)) AS adds,
               EXISTS (SELECT FROM {{before}} p
                   WHERE NOT EXISTS (SELECT FROM s WHERE s.digits = p.digits)
                     AND NOT EXISTS (SELECT FROM blocklists_canary n WHERE n.digits = p.digits)) AS removes"""


def copy_statement(
    series: ListSeries, part: str, rows: sql.Composable, columns: Sequence[str]
) -> sql.Composed:
    """COPY one part (block, added, removed) as CSV lines, sorted as text."""
    added, removed = ACTIONS[series]
    wanted = sql.SQL(" WHERE is_new" if part == "added" else "")
    more = columns[len(formats.COLUMNS) :]
    extra = sql.SQL("".join(f", {ENDS_AT if name == formats.ENDS_AT else name}" for name in more))
    return sql.SQL(
        """COPY (SELECT digits, {action}, since, until, category, """
        + CASE_REFERENCE
        + f"{{extra}} FROM {{rows}}{{wanted}} ORDER BY {PLACE.format('digits')}, digits)"
        + " TO STDOUT WITH (FORMAT csv)"
    ).format(
        action=sql.Literal(removed if part == "removed" else added), extra=extra, rows=rows, wanted=wanted
    )


def rows_before(before: int | None) -> sql.Composable:
    """The partition of the list before, or an empty set for the first list of a series."""
    if before is not None:
        return partition(before)
    return sql.SQL(
        "(SELECT NULL::bigint AS digits, NULL::date AS since, NULL::date AS until, NULL::text AS category,"
        " NULL::bigint AS case_id, NULL::timestamptz AS ends_at WHERE FALSE)"
    )


def removed_rows(list_id: int, before: int) -> sql.Composed:
    """Entries of the list before that are not on this list, as a FROM item `r`."""
    return sql.SQL(
        "(SELECT p.* FROM {} p WHERE NOT EXISTS (SELECT FROM {} e WHERE e.digits = p.digits)) r"
    ).format(partition(before), partition(list_id))
