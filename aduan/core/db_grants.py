"""Least privilege for the roles of the database, and triggers that no session can switch off.

The tables belong to the role that migrates. The application logs in as another one, which cannot change or
delete history, forge the chain of the audit log or switch a trigger off; a third may only read. Which role
may do what is a table that `manage.py migrate` hands in.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db import connection, transaction

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Put on for the time of an operator's request, under the row security of aduan.operators.row_security.
OPERATOR_SCOPE: Final = "aduan_operator_scope"
READONLY: Final = "aduan_readonly"

# pgtrigger lets any session name triggers to ignore (SET pgtrigger.ignore): not here.
_IGNORE_NOTHING: Final = """
    CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN
    AS 'SELECT false' LANGUAGE sql IMMUTABLE
"""
_VERBS: Final = {"r": "SELECT", "i": "INSERT", "u": "UPDATE", "d": "DELETE"}
_COLUMNS: Final = """
    SELECT c.relname, a.attname, c.relispartition FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
      AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY c.relname, a.attnum
"""
_GRANTED: Final = """
    SELECT c.relname, NULL AS attname, g.privilege_type
    FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) g
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
      AND g.grantee = %(role)s::regrole
    UNION ALL
    SELECT c.relname, a.attname, g.privilege_type
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid CROSS JOIN LATERAL aclexplode(a.attacl) g
    WHERE c.relnamespace = 'public'::regnamespace AND g.grantee = %(role)s::regrole
"""
_OWNERS_FUNCTIONS: Final = """
    SELECT p.oid::regprocedure::text, p.proname FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
"""
_OPEN_TRIGGERS: Final = """
    SELECT p.oid::regprocedure::text FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype = 'trigger'::regtype
      AND NOT coalesce(p.proconfig, '{}') && ARRAY['search_path=public, pg_temp']
"""
_POWERS: Final = """
    SELECT r.rolsuper, r.rolbypassrls, has_parameter_privilege(r.oid, 'session_replication_role', 'SET'),
        EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
                AND c.relname = 'core_auditlogentry' AND pg_has_role(r.oid, c.relowner, 'MEMBER')),
        r.rolcreaterole
    FROM pg_roles r WHERE r.rolname = current_user
"""
_POWER_NAMES: Final = (
    "is a superuser",
    "bypasses row security",
    "may switch triggers off",
    "owns the audit log",
    "may make roles",
)


class Rule(NamedTuple):
    """`app`: what the application may do, of r(ead), i(nsert), u(pdate), d(elete).

    Columns, separated by spaces: `inserts` are the only ones that it may fill in (empty: all), `fixed` those
    that it never changes, `hidden` those that the role for reading does not see (`*`: none of the table).
    """

    app: str
    inserts: str = ""
    fixed: str = ""
    hidden: str = ""


_PARTITION: Final = Rule("r")
Privileges = frozenset[str]  # such as {"SELECT", "UPDATE (state)"}


def disable_pgtrigger_ignore() -> None:
    """Make `SET pgtrigger.ignore` mean nothing.

    Run it after every migration: installing a trigger creates the function anew.
    """
    with connection.cursor() as cursor:
        cursor.execute(_IGNORE_NOTHING)


def pin_search_paths() -> int:
    """Let no temporary table stand in for a real one before a trigger: how many functions it concerned.

    PostgreSQL searches a session's temporary tables first unless a function says otherwise; what a trigger
    calls searches as the trigger does. Run it after every migration: a new version of a function is open.
    """
    found = _rows(_OPEN_TRIGGERS)
    with connection.cursor() as cursor:
        for (function,) in found:
            cursor.execute(f"ALTER FUNCTION {function} SET search_path = public, pg_temp")
    return len(found)


def powers(cursor: Any) -> list[str]:
    """What the role of this session may do that the application's must not; empty for the right one.

    `cursor` is of Django or of psycopg2.
    """
    cursor.execute(_POWERS)
    return [what for what, may in zip(_POWER_NAMES, cursor.fetchone(), strict=True) if may]


@transaction.atomic
def grant(app_roles: Iterable[str], tables: Mapping[str, Rule], functions: Mapping[str, str]) -> None:
    """Grants the application's roles and the one for reading what they need and no more, where they exist.

    `functions` names those with the owner's rights and who may call them. Run as the tables' owner, after
    migrations.
    """
    for role in _existing([*app_roles, OPERATOR_SCOPE, READONLY]):
        _grant_tables(role, tables)
        _grant_rest(role, functions)


def wanted(role: str, tables: Mapping[str, Rule]) -> dict[str, Privileges]:
    """What the role should hold on each table of the database."""
    columns: dict[str, list[str]] = defaultdict(list)
    partitions = set()
    for table, column, is_partition in _rows(_COLUMNS):
        columns[table].append(column)
        if is_partition:
            partitions.add(table)
    return {
        table: _privileges(role, _PARTITION if table in partitions else tables.get(table), names)
        for table, names in columns.items()
        if not (
            role == OPERATOR_SCOPE and table in partitions
        )  # operators read through the parent's policies
    }


def granted(role: str) -> dict[str, Privileges]:
    """What the role does hold on each table, as far as it holds anything."""
    found: dict[str, set[str]] = defaultdict(set)
    for table, column, privilege in _rows(_GRANTED, {"role": _quoted(role)}):
        found[table].add(f"{privilege} ({_quoted(column)})" if column else privilege)
    return {table: frozenset(privileges) for table, privileges in found.items()}


def _privileges(role: str, rule: Rule | None, columns: list[str]) -> Privileges:
    if rule is None:
        return frozenset()
    if role == READONLY:
        return _on("SELECT", columns, without=rule.hidden.split())
    found: set[str] = set()
    for letter in rule.app:
        verb = _VERBS[letter]
        if verb == "INSERT" and rule.inserts:
            found |= {f"INSERT ({_quoted(name)})" for name in rule.inserts.split()}
        else:
            found |= _on(verb, columns, without=rule.fixed.split() if verb == "UPDATE" else [])
    return frozenset(found)


def _on(verb: str, columns: list[str], *, without: list[str]) -> Privileges:
    """The verb on the whole table, or on each column that is not left out."""
    if not without:
        return frozenset({verb})
    return frozenset(
        f"{verb} ({_quoted(name)})" for name in columns if name not in without and "*" not in without
    )


def _grant_tables(role: str, tables: Mapping[str, Rule]) -> None:
    holds = granted(role)
    with connection.cursor() as cursor:
        for table, privileges in wanted(role, tables).items():
            if holds.get(table, frozenset()) != privileges:
                # Taking a privilege from the table takes it from the columns too.
                cursor.execute(f"REVOKE ALL ON {_quoted(table)} FROM {_quoted(role)}")
                if privileges:
                    cursor.execute(
                        f"GRANT {', '.join(sorted(privileges))} ON {_quoted(table)} TO {_quoted(role)}"
                    )


def _grant_rest(role: str, functions: Mapping[str, str]) -> None:
    """Schema, sequences and functions; nothing that is made later is granted unseen."""
    name = _quoted(role)
    statements = [
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        f"REVOKE ALL ON SCHEMA public FROM {name}",
        f"GRANT USAGE ON SCHEMA public TO {name}",
        f"REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM {name}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON TABLES FROM {name}",
        f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON SEQUENCES FROM {name}",
    ]
    if role != READONLY:
        statements.append(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {name}")
    for function, bare in _rows(_OWNERS_FUNCTIONS):
        statements.append(f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC, {name}")
        callers = functions.get(bare, "").split()
        if role != READONLY and ("operators" if role == OPERATOR_SCOPE else "app") in callers:
            statements.append(f"GRANT EXECUTE ON FUNCTION {function} TO {name}")
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _existing(roles: Iterable[str]) -> list[str]:
    """Those of the roles that there are and that do not own the tables themselves."""
    known = _rows(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY(%(roles)s) AND rolname <> current_user",
        {"roles": list(roles)},
    )
    return [name for (name,) in known]


def _rows(query: str, values: dict[str, Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
