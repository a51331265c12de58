"""Taking power away from the application's own database role, and closing the triggers' side door.

The tables belong to the role that migrates. The application logs in as another role, which may read and write
what it needs, but cannot change or delete history, cannot forge the chain and cannot switch a trigger off."""

from __future__ import annotations

from typing import Final

from django.db import connection, transaction

# Written once, read for ever.
APPEND_ONLY: Final = ("core_ledgerentry", "cases_caseevent")
_LEDGER_COLUMNS: Final = "at, actor, action, subject, detail"

# pgtrigger lets any session name triggers to ignore (SET pgtrigger.ignore): not here.
_NO_SIDE_DOOR: Final = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
    AS 'SELECT false' LANGUAGE sql IMMUTABLE
"""
_GRANTS: Final = (
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    *(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {{role}}" for table in APPEND_ONLY),
    "REVOKE INSERT ON core_ledgerentry FROM {role}",
    f"GRANT INSERT ({_LEDGER_COLUMNS}) ON core_ledgerentry TO {{role}}",
    "REVOKE DELETE ON cases_case, cases_proposal, cases_block FROM {role}",
)


def close_side_door() -> None:
    """Makes `SET pgtrigger.ignore` mean nothing. Run after every migration: installing a trigger reopens
    it."""
    with connection.cursor() as cursor:
        cursor.execute(_NO_SIDE_DOOR)


@transaction.atomic
def limit_role(role: str) -> None:
    """Grants the application's role what it needs and no more. Run as the tables' owner, after migrations."""
    quoted = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        for grant in _GRANTS:
            cursor.execute(grant.format(role=quoted))
