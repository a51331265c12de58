"""Least privilege for the application's database role, and triggers that no session can switch off.

The tables belong to the role that migrates. The application logs in as another role, which may read and write
what it needs, but cannot change or delete history, cannot forge the chain and cannot switch a trigger off.
"""

from __future__ import annotations

from typing import Final, TypeVar

from django.db import connection, models, transaction

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
    "REVOKE UPDATE, DELETE, TRUNCATE ON core_auditlogentry FROM {role}",
    "REVOKE INSERT ON core_auditlogentry FROM {role}",
    f"GRANT INSERT ({_AUDIT_LOG_COLUMNS}) ON core_auditlogentry TO {{role}}",
)
_Model = TypeVar("_Model", bound=models.Model)
_revoked: dict[type[models.Model], str] = {}


def append_only(model: type[_Model]) -> type[_Model]:
    """Class decorator: the application's role may only read and add rows of this model's table."""
    _revoked[model] = "UPDATE, DELETE, TRUNCATE"
    return model


def read_only(model: type[_Model]) -> type[_Model]:
    """Class decorator: the application's role may only read this model's table."""
    _revoked[model] = "INSERT, UPDATE, DELETE, TRUNCATE"
    return model


def owner_only(model: type[_Model]) -> type[_Model]:
    """Class decorator: the application's role may not even read this model's table."""
    _revoked[model] = "ALL"
    return model


def never_deleted(model: type[_Model]) -> type[_Model]:
    """Class decorator: the application's role may not delete rows of this model's table."""
    _revoked[model] = "DELETE"
    return model


def disable_pgtrigger_ignore() -> None:
    """Make `SET pgtrigger.ignore` mean nothing.

    Run it after every migration: installing a trigger creates the function anew.
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
        for model, privileges in _revoked.items():
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"REVOKE {privileges} ON {table} FROM {quoted}")
