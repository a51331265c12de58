"""Decisions become known when the list that carries them is published."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import connection

if TYPE_CHECKING:
    import datetime as dt

    from aduan.blocklists.models import BlockList

# Of this block's decision only: one that was taken back before its list is never announced.
# The few notices that wait, then each one's number by the key of the list's entries: a list of a million
# numbers costs what its new ones cost.
_ANNOUNCE: Final = """
    UPDATE cases_casenotice n SET announced_at = %(at)s
    FROM cases_block b, blocklists_blocklistentry e, cases_caseevent v
    WHERE n.announced_at IS NULL AND b.case_id = n.case_id AND b.released_at IS NULL
      AND v.id = n.event_id AND v.created_at >= b.confirmed_at
      AND e.list_id = %(list)s AND e.digits = b.digits AND e.case_id = b.case_id
"""


def announce_decisions(block_list: BlockList, *, at: dt.datetime) -> int:
    """Announces the blocks and referrals of a list, in the transaction that publishes it; how many."""
    with connection.cursor() as cursor:
        cursor.execute(_ANNOUNCE, {"at": at, "list": block_list.pk})
        return int(cursor.rowcount)
