"""The log-ins of the product on a server that DATABASE_URL names: the owner's address makes the others.

On a server of one's own one address is enough. `make up` and `make test` take it, make the roles of
docs/adr/0020-database-roles.md there and run the product as the application's. Where the administrator of the
database made the roles, DATABASE_URL is the application's and ADUAN_MIGRATE_DATABASE_URL the migrator's.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlsplit, urlunsplit

from deploy import make_roles
from devserver.home import EmbeddedError

# Logs in for the tests. Whatever they do is done as aduan_app, which this role puts on; it may put on the
# administrator's role besides, for what a fixture needs in the transaction of its test.
TESTS: Final = "aduan_tests"


def make_role_of_tests(connection: Any, password: str = "") -> None:
    """Makes it, as the administrator of a server of tests. psycopg2's connection."""
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('aduan_roles'))")
        cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", (TESTS,))
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE ROLE {TESTS} NOINHERIT LOGIN")
        cursor.execute("SELECT quote_ident(current_user)")
        cursor.execute(f"GRANT {cursor.fetchone()[0]}, {make_roles.APP}, {make_roles.READONLY} TO {TESTS}")
        cursor.execute(f"ALTER ROLE {TESTS} SET role = {make_roles.APP}")
        # In production all parts are one role and may end one another's sessions; here these are of another.
        # The role inherits nothing by itself (NOINHERIT), so this one right is worn by name.
        worn = "WITH INHERIT TRUE" if connection.server_version >= 160000 else ""
        cursor.execute(f"GRANT pg_signal_backend TO {make_roles.APP} {worn}")
        if password:
            cursor.execute(f"ALTER ROLE {TESTS} PASSWORD %s", (password,))


def given(environ: Mapping[str, str]) -> dict[str, str]:
    """Both addresses on the server that DATABASE_URL names. Raises EmbeddedError."""
    url = environ["DATABASE_URL"]
    if environ.get("ADUAN_MIGRATE_DATABASE_URL"):
        return {name: environ[name] for name in ("DATABASE_URL", "ADUAN_MIGRATE_DATABASE_URL")}
    passwords = {role: password_of(url, role) for role in (make_roles.APP, make_roles.MIGRATE)}
    try:
        connection = make_roles.connect(url)
        try:
            make_roles.ensure(connection, {role: word for role, word in passwords.items() if word})
        finally:
            connection.close()
    except Exception as error:
        said = " ".join(str(error).split())
        raise EmbeddedError(
            f"DATABASE_URL: {said} One address is enough only for an owner who may make roles; otherwise set"
            " DATABASE_URL to the application's and ADUAN_MIGRATE_DATABASE_URL to the owner's."
        ) from error
    return {
        "DATABASE_URL": _as(url, make_roles.APP, passwords[make_roles.APP]),
        "ADUAN_MIGRATE_DATABASE_URL": _as(url, make_roles.MIGRATE, passwords[make_roles.MIGRATE]),
    }


def password_of(url: str, role: str) -> str:
    """The role's password on this server, the same for every run; empty where the owner has none either.

    It follows from the owner's, so that nothing is stored, and does not lead back to it.
    """
    owners = urlsplit(url).password
    if not owners:
        return ""
    return hashlib.pbkdf2_hmac("sha256", owners.encode(), f"aduan {role}".encode(), 600_000).hex()


def without_the_migrator(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment of processes that serve: they never hold the address that changes tables."""
    return {name: value for name, value in environ.items() if name != "ADUAN_MIGRATE_DATABASE_URL"}


def _as(url: str, role: str, password: str) -> str:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(
        parts._replace(netloc=f"{quote(role)}{':' + quote(password) if password else ''}@{host}")
    )
