"""The database of a test run: a copy of one that was migrated before, made when a test first needs it.

Migrating takes seconds, copying a tenth of one. The migrated database is made again when anything it depends
on has changed. On a server that DATABASE_URL names, Django makes and migrates the test database itself.

Tests log in as `aduan_tests`, which puts on `aduan_app`: what a test does is done with the rights of the
application. What needs more says so, `with as_administrator():`. With ADUAN_TESTS_AS_APP=0 they log in as the
administrator, to see whether a failure is one of rights.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
import pytest_django
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.test.utils import setup_databases, teardown_databases
from psycopg2.extensions import TRANSACTION_STATUS_INERROR

from deploy import make_roles
from devserver import roles, testing
from devserver.processes import started_at

_NAMED = str(settings.DATABASES["default"]["USER"])
ADMINISTRATOR = "aduan" if _NAMED == roles.TESTS else _NAMED  # the owner in DATABASE_URL
PROJECT = Path(__file__).resolve().parent.parent
IMPORTED = re.compile(r"^\s*(?:from|import) ((?:aduan|portal)[\w.]*)(?: import ([\w, ]+))?", re.MULTILINE)
WHOLE = (
    "requirements.txt",
    "aduan/settings.py",
    "tests/settings.py",
    "portal/management/commands/migrate.py",
)


@pytest.fixture(scope="session")
def servers() -> None:
    """PostgreSQL and Valkey run. A test that needs the cache but no database asks for this."""
    testing.start()


@pytest.fixture(scope="session")
def django_db_setup(
    servers: None, django_test_environment: None, django_db_blocker: pytest_django.DjangoDbBlocker
) -> Iterator[None]:
    """Instead of pytest-django's. Connections that a killed test left open are ended with the database."""
    if os.environ["DATABASE_URL"] != testing.addresses()["DATABASE_URL"]:
        with django_db_blocker.unblock():
            yield from _on_a_named_server()
        return
    usual = settings.DATABASES["default"]["NAME"]
    name = f"test_{testing.run_id()}_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    with django_db_blocker.unblock():
        with testing.exclusive(testing.folder() / "template.lock"):
            _drop_leftovers()
            template = _template()
        _execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        _use(name)
    yield
    with django_db_blocker.unblock():
        _use(usual)
        _execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.close()


def _on_a_named_server() -> Iterator[None]:
    """The owner in DATABASE_URL makes the database and the roles; the tests log in as theirs."""
    url = os.environ["DATABASE_URL"]
    roles.given({"DATABASE_URL": url})
    made = setup_databases(verbosity=0, interactive=False, aliases={"default": False})
    owner = dict(settings.DATABASES["default"])
    if testing.as_application():
        password = roles.password_of(url, roles.TESTS)
        connection.ensure_connection()
        roles.make_role_of_tests(connection.connection, password)
        _log_in(USER=roles.TESTS, PASSWORD=password)
    yield
    _log_in(USER=owner["USER"], PASSWORD=owner["PASSWORD"])
    teardown_databases(made, verbosity=0)


def _log_in(**log_in: str) -> None:
    connection.close()
    settings.DATABASES["default"].update(log_in)
    connection.settings_dict.update(log_in)


@contextmanager
def as_administrator() -> Iterator[CursorWrapper]:
    """The block has the rights of the database's administrator, in the transaction of the test."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(current_user)")
        before = cursor.fetchone()[0]
        cursor.execute(f"SET ROLE {ADMINISTRATOR}")
        try:
            yield cursor
        finally:
            if not (connection.needs_rollback or _is_aborted()):  # else the rollback gives the role back
                cursor.execute(f"SET ROLE {before}")


def database_url() -> str:
    """The database of the test for a process of its own, with the log-in of the test."""
    facts = {name: str(value) for name, value in connection.settings_dict.items()}
    log_in = f"{facts['USER']}:{facts['PASSWORD']}".rstrip(":")
    place = f"{log_in}@{quote(facts['HOST'], safe='')}:{facts['PORT']}".rstrip(":")
    return f"postgres://{place}/{facts['NAME']}"


def _is_aborted() -> bool:
    return bool(connection.connection.info.transaction_status == TRANSACTION_STATUS_INERROR)


def _template() -> str:
    """The name of a migrated database that refuses connections."""
    name = f"migrated_{fingerprint()}"
    known = _databases("migrated_%")
    if name in known:
        return name
    usual = settings.DATABASES["default"]["NAME"]
    _execute('DROP DATABASE IF EXISTS "unfinished" WITH (FORCE)', 'CREATE DATABASE "unfinished"')
    _use("unfinished")
    with as_administrator():
        make_roles.ensure(connection.connection, {})
    call_command("migrate", verbosity=0)
    _use(usual)
    _execute(
        f'ALTER DATABASE "unfinished" RENAME TO "{name}"',
        f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false',
        *(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)' for old in known),
    )
    return name


def fingerprint() -> str:
    """What a migrated database depends on: migrations, SQL, models, and every module of ours these import."""
    roots = (
        "migrations/**/*.py",
        "models/**/*.py",
        "models.py",
        "sql/**/*",
        "management/commands/migrate.py",
    )
    waiting = [PROJECT / name for name in WHOLE]
    for package in (*sorted((PROJECT / "aduan").iterdir()), PROJECT / "portal"):
        waiting += [path for root in roots for path in package.glob(root) if path.is_file()]
    seen: dict[Path, bytes] = {}
    while waiting:
        path = waiting.pop()
        if path not in seen and path.suffix != ".pyc":
            seen[path] = path.read_bytes()
            waiting += _imported(seen[path].decode("utf-8", "replace")) if path.suffix == ".py" else []
    facts = hashlib.sha256()
    for path in sorted(seen):
        facts.update(f"{path.relative_to(PROJECT)}\0".encode() + seen[path] + b"\0")
    return facts.hexdigest()[:16]


def _imported(text: str) -> Iterator[Path]:
    for module, names in IMPORTED.findall(text):
        for dotted in (module, *(f"{module}.{name.strip()}" for name in names.split(",") if name.strip())):
            base = PROJECT.joinpath(*dotted.split("."))
            yield from (path for path in (base.with_suffix(".py"), base / "__init__.py") if path.is_file())


def _drop_leftovers() -> None:
    """The databases of runs that were killed."""
    gone = [name for name in _databases("test_%") if not is_running(name.split("_")[1])]
    _execute(*(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)' for name in gone))


def is_running(run: str) -> bool:
    """Whether the process that testing.run_id() named still lives."""
    pid, _, since = run.partition("x")
    return pid.isdigit() and started_at(int(pid)) == since != ""


def _databases(pattern: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [pattern])
        return [str(name) for (name,) in cursor.fetchall()]


def _use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name


def _execute(*statements: str) -> None:
    with as_administrator() as cursor:
        for statement in statements:
            cursor.execute(statement)
