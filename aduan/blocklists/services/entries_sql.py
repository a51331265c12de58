"""The set-based SQL of a build: select by state into a partition of its own, compare, copy out.

No loop over numbers runs in Python, and nothing asks *when* a decision was made: a block that is in force
and was not on the list before is new, a number that was and no longer is in force is removed. A transaction
that commits late is therefore simply on the next list. See docs/adr, "Select by state".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection
from psycopg2 import sql

from aduan.blocklists.models import Kind, Series
from aduan.core import failpoints

if TYPE_CHECKING:
    import datetime as dt
    from io import BufferedWriter

    from django.db.backends.utils import CursorWrapper

    from aduan.blocklists.models import BlockList

# What the receiver is asked to do with a number that came, and with one that went.
ACTIONS = {
    Series.BLOCK: ("block", "unblock"),
    Series.REFERRAL: ("refer", "withdraw"),
    Series.INBOUND: ("filter", "unfilter"),
}

# Digits filled up with zeros to 15: ordering by place, then by digits, is ordering the digits as text in
# the C locale (what `LC_ALL=C sort` does), at half the price. See stop_rules.PLACES.
PLACE = """CASE WHEN {0} >= 100000000000000 THEN {0}
    WHEN {0} >= 10000000000000 THEN {0} * 10 WHEN {0} >= 1000000000000 THEN {0} * 100
    WHEN {0} >= 100000000000 THEN {0} * 1000 WHEN {0} >= 10000000000 THEN {0} * 10000
    WHEN {0} >= 1000000000 THEN {0} * 100000 WHEN {0} >= 100000000 THEN {0} * 1000000
    ELSE {0} * power(10::numeric, 15 - length({0}::text))::bigint END"""
_IN_FORCE = "b.released_at IS NULL AND b.digits IS NOT NULL AND b.since <= %(day)s AND b.until > %(day)s"
_PLAIN = "b.digits, b.since, b.until, b.category, b.case_id, NULL::int AS reports, NULL::int AS evidence"
# Where a series finds its numbers. `before` is the list before it (or an empty set).
_SOURCES = {
    Kind.MONTHLY: f"""SELECT {_PLAIN} FROM cases_block b
        WHERE b.operator_id = %(operator)s AND b.action = 'block' AND {_IN_FORCE}""",
    Kind.INTERIM: f"""SELECT {_PLAIN} FROM cases_block b
        WHERE b.operator_id = %(operator)s AND b.action = 'block' AND {_IN_FORCE}
          AND ((b.urgent AND NOT %(only_removals)s)
               OR EXISTS (SELECT FROM {{before}} p WHERE p.digits = b.digits))""",
    Kind.REFERRAL: f"""SELECT DISTINCT ON (b.digits) b.digits, b.since, b.until, b.category, b.case_id,
               coalesce((c.channels ->> %(code)s)::int, 0) AS reports, c.evidence_count AS evidence
        FROM cases_block b JOIN cases_case c ON c.id = b.case_id
        WHERE b.operator_id = %(operator)s AND b.action = 'refer' AND {_IN_FORCE}
        ORDER BY b.digits, b.id""",
    Kind.INBOUND: f"""SELECT DISTINCT ON (b.digits) {_PLAIN} FROM cases_block b
        WHERE b.digits::text NOT LIKE '62%%' AND {_IN_FORCE}
        ORDER BY b.digits, b.id""",
}
_WANTED = {
    Series.BLOCK: "b.operator_id = %(operator)s AND b.action = 'block'",
    Series.REFERRAL: "b.operator_id = %(operator)s AND b.action = 'refer'",
    Series.INBOUND: "TRUE",
}
_CANARIES = """ UNION ALL
        SELECT n.digits, n.since, n.until, n.category, n.case_id, NULL::int, NULL::int
        FROM blocklists_canary n
        WHERE n.operator_id = %(operator)s AND n.since <= %(day)s AND n.until > %(day)s"""
_CASE = """'K-' || CASE WHEN case_id < 100000000 THEN substr((100000000 + case_id)::text, 2)
                        ELSE case_id::text END"""


def partition(list_id: int) -> sql.Identifier:
    return sql.Identifier(f"blocklists_entry_{int(list_id)}")


def fill(
    block_list: BlockList, *, code: str, day: dt.date, before: int | None, only_removals: bool
) -> tuple[int, int]:
    """Make the partition and put every number in force on it, sorted; (numbers, new numbers).

    `before`: id of the list before, `code`: the operator's (a platform's channel bears the same), `day`: the
    calendar day in Jakarta.
    """
    mine = partition(block_list.pk)
    source = _SOURCES[Kind(block_list.kind)] + (_CANARIES if block_list.series == Series.BLOCK else "")
    values: dict[str, Any] = {
        "list": block_list.pk,
        "operator": block_list.operator_id,
        "code": code,
        "day": day,
        "only_removals": only_removals,
    }
    create = "CREATE TABLE {} (LIKE blocklists_entry INCLUDING CONSTRAINTS INCLUDING DEFAULTS)"
    insert = f"""
        INSERT INTO {{mine}}
            (list_id, digits, since, until, category, case_id, is_new, reports, evidence)
        SELECT %(list)s, s.digits, s.since, s.until, s.category, s.case_id, p.digits IS NULL,
               s.reports, s.evidence
        FROM ({source}) s LEFT JOIN {{before}} p ON p.digits = s.digits
        ORDER BY {PLACE.format("s.digits")}, s.digits"""
    with connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL work_mem = '256MB'; SET LOCAL maintenance_work_mem = '256MB';"
            " SET LOCAL default_statistics_target = 10"
        )
        cursor.execute(sql.SQL(create).format(mine))
        cursor.execute(sql.SQL(insert).format(mine=mine, before=set_before(before)), values)
        count = cursor.rowcount
        failpoints.reached("mid_query")
        cursor.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY (digits)").format(mine))
        cursor.execute(sql.SQL("ANALYZE {}").format(mine))
        if before is None:
            return count, count
        cursor.execute(sql.SQL("SELECT count(*) FROM {} WHERE is_new").format(mine))
        return count, _one(cursor)


def removed_count(block_list: BlockList, before: int | None) -> int:
    """How many numbers of the list before are not on this one."""
    if before is None:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM ") + _removed(block_list.pk, before))
        return _one(cursor)


def copy_out(list_id: int, part: str, *, series: str, before: int | None, into: BufferedWriter) -> None:
    """Stream one part (block, added, removed) as CSV lines, sorted as text. Constant memory."""
    come, gone = ACTIONS[Series(series)]
    if part == "removed":
        if before is None:
            return
        rows = _removed(list_id, before)
    else:
        rows = sql.SQL("{} r").format(partition(list_id))
    wanted = sql.SQL(" WHERE is_new" if part == "added" else "")
    extra = sql.SQL(", reports, evidence" if series == Series.REFERRAL else "")
    query = sql.SQL(
        """COPY (SELECT digits, {action}, since, until, category, """
        + _CASE
        + f"{{extra}} FROM {{rows}}{{wanted}} ORDER BY {PLACE.format('digits')}, digits)"
        + " TO STDOUT WITH (FORMAT csv)"
    ).format(action=sql.Literal(gone if part == "removed" else come), extra=extra, rows=rows, wanted=wanted)
    with connection.cursor() as cursor:
        cursor.copy_expert(query, into)
    into.flush()


def close(list_id: int) -> None:
    """Attach the partition: from here on the parent's triggers refuse every change, by anybody."""
    mine = partition(list_id)
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("ALTER TABLE {} ADD CONSTRAINT of_list CHECK (list_id = %s)").format(mine), [list_id]
        )
        cursor.execute(
            sql.SQL("ALTER TABLE blocklists_entry ATTACH PARTITION {} FOR VALUES IN (%s)").format(mine),
            [list_id],
        )
        cursor.execute(
            sql.SQL(
                """CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {}
                   FOR EACH STATEMENT EXECUTE FUNCTION blocklists_refuse_truncate()"""
            ).format(mine)
        )


def no_longer_in_force(block_list: BlockList, *, day: dt.date) -> list[int]:
    """Numbers on a list not yet published whose block was released, ran out or moved since. At most 21."""
    values: dict[str, Any] = {"operator": block_list.operator_id, "day": day}
    query = sql.SQL(
        f"""SELECT e.digits FROM {{mine}} e
            WHERE NOT EXISTS (SELECT FROM cases_block b
                WHERE b.digits = e.digits AND {_WANTED[Series(block_list.series)]} AND {_IN_FORCE})
              AND NOT EXISTS (SELECT FROM blocklists_canary n WHERE n.digits = e.digits)
            LIMIT 21"""
    ).format(mine=partition(block_list.pk))
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return [row[0] for row in cursor.fetchall()]


def pending(
    operator_id: int, *, code: str, kind: Kind, before: int | None, day: dt.date
) -> tuple[bool, bool]:
    """Whether a list of this kind, made now, would add a number; whether it would remove one."""
    values: dict[str, Any] = {"operator": operator_id, "code": code, "day": day, "only_removals": False}
    query = sql.SQL(
        f"""WITH s AS MATERIALIZED ({_SOURCES[kind]})
            SELECT EXISTS (SELECT FROM s
                       WHERE NOT EXISTS (SELECT FROM {{before}} p WHERE p.digits = s.digits)),
                   EXISTS (SELECT FROM {{before}} p
                       WHERE NOT EXISTS (SELECT FROM s WHERE s.digits = p.digits)
                         AND NOT EXISTS (SELECT FROM blocklists_canary n WHERE n.digits = p.digits))"""
    ).format(before=set_before(before))
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        adds, goes = cursor.fetchone()
        return bool(adds), bool(goes)


def sample(list_id: int, *, before: int | None, limit: int = 50) -> tuple[list[int], list[int]]:
    """The first new and the first removed numbers of a list, for people who look before it goes out."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL("SELECT digits FROM {} WHERE is_new ORDER BY digits LIMIT %s").format(partition(list_id)),
            [limit],
        )
        new = [row[0] for row in cursor.fetchall()]
        if before is None:
            return new, []
        cursor.execute(
            sql.SQL("SELECT digits FROM ") + _removed(list_id, before) + sql.SQL(" ORDER BY 1 LIMIT %s"),
            [limit],
        )
        return new, [row[0] for row in cursor.fetchall()]


def adds_beyond(list_id: int, other_id: int) -> bool:
    """Whether a list adds a number that the other (overtaken) one did not have."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                """SELECT EXISTS (SELECT FROM {} e WHERE e.is_new
                   AND NOT EXISTS (SELECT FROM {} o WHERE o.digits = e.digits))"""
            ).format(partition(list_id), partition(other_id))
        )
        return bool(_one(cursor))


def set_before(before: int | None) -> sql.Composable:
    if before is not None:
        return partition(before)
    return sql.SQL("(SELECT NULL::bigint AS digits, NULL::bigint AS case_id WHERE FALSE)")


def _removed(list_id: int, before: int) -> sql.Composed:
    return sql.SQL(
        "(SELECT p.* FROM {} p WHERE NOT EXISTS (SELECT FROM {} e WHERE e.digits = p.digits)) r"
    ).format(partition(before), partition(list_id))


def _one(cursor: CursorWrapper) -> int:
    row = cursor.fetchone()
    return int(row[0]) if row else 0
