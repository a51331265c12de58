"""Least privilege for the application's database role, and triggers that no session can switch off.

The tables belong to the role that migrates. The application logs in as another role, which may read and write
what it needs, but cannot change or delete history, cannot forge the chain and cannot switch a trigger off.
"""

from __future__ import annotations

from typing import Final

from django.db import connection, transaction

APPEND_ONLY: Final = ("core_auditlogentry", "cases_caseevent")
_AUDIT_LOG_COLUMNS: Final = "at, actor, action, subject, detail"

# pgtrigger lets any session name triggers to ignore (SET pgtrigger.ignore): not here.
_IGNORE_NOTHING: Final = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
    AS 'SELECT false' LANGUAGE sql IMMUTABLE
"""
_GRANTS: Final = (
    "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    "GRANT USAGE ON SCHEMA public TO {role}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}",
    *(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {{role}}" for table in APPEND_ONLY),
    "REVOKE INSERT ON core_auditlogentry FROM {role}",
    f"GRANT INSERT ({_AUDIT_LOG_COLUMNS}) ON core_auditlogentry TO {{role}}",
    "REVOKE DELETE ON cases_case, cases_proposal, cases_block FROM {role}",
)


def disable_pgtrigger_ignore() -> None:
    """Makes `SET pgtrigger.ignore` mean nothing.

    Run after every migration: installing a trigger reopens it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_IGNORE_NOTHING)


@transaction.atomic
def grant_app_role(role: str) -> None:
    """Grants the application's role what it needs and no more. Run as the tables' owner, after migrations."""
    quoted = connection.ops.quote_name(role)
    with connection.cursor() as cursor:
        for grant in _GRANTS:
            cursor.execute(grant.format(role=quoted))
