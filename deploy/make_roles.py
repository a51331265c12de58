"""Makes the database roles of the product and hands what is in the database to their owner.

Run by an administrator of the database, as often as one likes: it makes what is missing, renews the passwords
and changes nothing else (docs/adr/0020-database-roles.md). `migrate` then grants each role what it may do.

    ADUAN_ADMIN_DATABASE_URL=postgres://…  python deploy/make_roles.py

A password comes from the file that ADUAN_APP_PASSWORD_FILE (_MIGRATE_, _READONLY_) names; without one the
role's log-in is left as it is.
"""

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from urllib.parse import unquote, urlsplit

OWNER: Final = "aduan_owner"
MIGRATE: Final = "aduan_migrate"
APP: Final = "aduan_app"
READONLY: Final = "aduan_readonly"
SCOPE: Final = (
    "aduan_operator_scope"  # put on for the time of an operator's request: aduan/operators/row_security.py
)
ROLES: Final = {
    OWNER: "NOLOGIN",
    SCOPE: "NOLOGIN",
    MIGRATE: "LOGIN",
    APP: "LOGIN",
    READONLY: "LOGIN",
}
EX_CONFIG: Final = 78

_TOO_STRONG = (
    "SELECT rolname FROM pg_roles WHERE rolname = ANY(%s) AND (rolsuper OR rolbypassrls OR rolcreaterole)"
)
_FOREIGN_TABLES = """
    SELECT format('ALTER TABLE %%s OWNER TO %%I', c.oid::regclass, %(owner)s) FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
      AND pg_get_userbyid(c.relowner) <> %(owner)s
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i', 'e'))
    ORDER BY c.relkind = 'S'
"""
_FOREIGN_ROUTINES = """
    SELECT format('ALTER ROUTINE %%s OWNER TO %%I', p.oid::regprocedure, %(owner)s) FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND pg_get_userbyid(p.proowner) <> %(owner)s
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""


class RolesError(Exception):
    """Something an administrator of the database has to put right; the message says what."""


def ensure(connection: Any, passwords: Mapping[str, str]) -> None:
    """Makes missing roles, sets these passwords, and gives the owner what is in this database.

    `connection` is psycopg2's, of a superuser or of a role that may make roles. Raises RolesError.
    """
    import psycopg2

    try:
        with connection, connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('aduan_roles'))")
            _make(cursor, passwords)
            _connect(cursor)
            _hand_over(cursor)
    except psycopg2.Error as error:
        said = " ".join(str(error).split())
        raise RolesError(f"{said} Have an administrator of the database run deploy/make_roles.py.") from error


def _make(cursor: Any, passwords: Mapping[str, str]) -> None:
    cursor.execute("SELECT rolname FROM pg_roles WHERE rolname = ANY(%s)", [list(ROLES)])
    known = {name for (name,) in cursor.fetchall()}
    for name, login in ROLES.items():
        if name not in known:
            # Membership is put on (SET ROLE), never worn unasked.
            cursor.execute(f"CREATE ROLE {name} NOINHERIT {login}")
    cursor.execute(_TOO_STRONG, [list(ROLES)])
    if strong := sorted(name for (name,) in cursor.fetchall()):
        raise RolesError(
            f"{', '.join(strong)}: an ordinary role is wanted, without SUPERUSER, BYPASSRLS and CREATEROLE."
        )
    for name, password in passwords.items():
        cursor.execute(f"ALTER ROLE {name} PASSWORD %s", [_verifier(cursor, name, password)])


def _verifier(cursor: Any, name: str, password: str) -> str:
    """What PostgreSQL stores, computed here: the password itself never reaches its logs."""
    from psycopg2.extensions import encrypt_password

    return str(encrypt_password(password, name, cursor.connection, "scram-sha-256"))


def _connect(cursor: Any) -> None:
    """Who may put on whom."""
    cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    if not cursor.fetchone()[0]:
        cursor.execute(f"GRANT {OWNER} TO CURRENT_USER")  # to hand over to it
    cursor.execute(f"GRANT {OWNER} TO {MIGRATE}")
    cursor.execute(f"ALTER ROLE {MIGRATE} SET role = {OWNER}")
    cursor.execute(f"GRANT {SCOPE} TO {OWNER}, {APP}")


def _hand_over(cursor: Any) -> None:
    """The schema and everything in it is the owner's, in a database of an earlier release too."""
    cursor.execute(f"ALTER SCHEMA public OWNER TO {OWNER}")
    for query in (_FOREIGN_TABLES, _FOREIGN_ROUTINES):
        cursor.execute(query, {"owner": OWNER})
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)


def connect(url: str) -> Any:
    """A connection to the database of a postgres:// address; a socket's folder is written `%2Ftmp`."""
    import psycopg2

    parts = urlsplit(url)
    host = unquote(parts.netloc.rpartition("@")[2].partition(":")[0])
    return psycopg2.connect(
        host=host or None, port=parts.port, dbname=parts.path.lstrip("/"), connect_timeout=10,
        user=unquote(parts.username or "") or None, password=unquote(parts.password or "") or None,
    )  # fmt: skip


def passwords_of(environ: Mapping[str, str]) -> dict[str, str]:
    """Passwords by role, from the files that the environment names."""
    found = {}
    for name in (MIGRATE, APP, READONLY):
        path = environ.get(f"{name.upper()}_PASSWORD_FILE")
        if path:
            found[name] = Path(path).read_text(encoding="ascii").strip()
    return found


def main() -> int:
    import psycopg2

    try:
        url = os.environ["ADUAN_ADMIN_DATABASE_URL"]
        connection = connect(url)
        try:
            ensure(connection, passwords_of(os.environ))
        finally:
            connection.close()
    except KeyError:
        sentence = "ADUAN_ADMIN_DATABASE_URL is not set: the address of an administrator of the database."
    except (RolesError, OSError, psycopg2.Error) as error:
        sentence = " ".join(str(error).split())
    else:
        sys.stdout.write(f"roles: {', '.join(ROLES)} are there\n")
        return 0
    sys.stderr.write(f"aduan: cannot make the roles: {sentence}\n")
    return EX_CONFIG


if __name__ == "__main__":
    sys.exit(main())
