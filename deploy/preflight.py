"""Says in one sentence why a process of the application cannot start here; says nothing when it can.

Run by deploy/entrypoint.sh before each part. Exit code 78 (EX_CONFIG): a person has to put something right.
"""

import importlib
import os
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
EX_CONFIG = 78
# An option of our connections (aduan/settings.py). A transaction pooler drops or refuses them, and with them
# the session's advisory locks that keep one job from being done twice.
OURS = ("idle_in_transaction_session_timeout", "10min")
POOLER = (
    "DATABASE_URL leads through a transaction pooler (PgBouncer or the like), under which locks of jobs leak:"
    " name the PostgreSQL server itself, or a pool in session mode that passes `options` on."
)
TOO_STRONG = (
    "DATABASE_URL logs in as {user}, who {powers}: name the application's role aduan_app, which cannot"
    " rewrite history. deploy/make_roles.py makes it; only ADUAN_MIGRATE_DATABASE_URL names the owner's."
)


def main() -> int:
    for sentence in warnings(sys.argv[1] if len(sys.argv) > 1 else ""):
        sys.stderr.write(f"aduan: warning: {sentence}\n")
    for sentence in problems():
        sys.stderr.write(f"aduan: cannot start: {sentence}\n")
        return EX_CONFIG
    return 0


def problems() -> Iterator[str]:
    """The sentences, most basic first. A later check may rely on the earlier ones."""
    yield from unreadable_files(os.environ)
    try:
        settings: Any = importlib.import_module("aduan.settings")
    except Exception as error:  # whatever it is, one line says more than a traceback
        yield str(error) if _is_configuration(error) else f"{type(error).__name__}: {error}"
        return
    yield from unknown_limits()
    yield from unknown_functions(settings)
    yield from unknown_slots(settings)
    yield from closed_folders(settings)
    if sys.argv[1:] == ["beat"]:  # it only tells the workers the time
        return
    yield from unreachable_database(settings.DATABASES["default"])
    yield from too_strong_role(settings.DATABASES["default"])
    if sys.argv[1:] == ["migrate"]:
        yield from powerless_migrator(settings)


def warnings(part: str) -> Iterator[str]:
    """Keys in a wrong place. The part starts all the same: the lists must go out."""
    home = os.environ.get("ADUAN_HOME", "/var/lib/aduan")
    folder = Path(os.environ.get("ADUAN_KEYS_DIR", f"{home}/keys"))
    private = {path.name for path in folder.glob("*-?.pem")} if os.access(folder, os.R_OK) else set()
    offline = sorted(name for name in private if name.startswith(("root-", "targets-")))
    if offline:
        yield (
            f"{', '.join(offline)} in {folder}: keys of root and targets belong to their holders, on machines"
            " that serve nothing. Move them away (docs/operations.md)."
        )
    from aduan import environment

    for name in environment.superfluous_keys():
        yield f"the part {part} is given {name}, which it does not need: take it out of its environment."
    yield from environment.unknown_names(os.environ)
    if part not in ("lists", "backup") and private - set(offline):
        yield f"the part {part} can read private list keys in {folder}; only the part `lists` should."


def unreadable_files(environ: Any) -> Iterator[str]:
    """Secrets that are named but cannot be read, and a password file that libpq would ignore."""
    for name in sorted(name for name in environ if name.startswith("ADUAN_") and name.endswith("_FILE")):
        if environ[name] and not os.access(environ[name], os.R_OK):
            yield f"{name}={environ[name]} {_why(environ[name])}. `sudo deploy/make-secrets` makes it."
    passwords = environ.get("PGPASSFILE", "")
    if passwords and not os.access(passwords, os.R_OK):
        yield f"PGPASSFILE={passwords} {_why(passwords)}. `sudo deploy/make-secrets` makes it."
    elif passwords and stat.S_IMODE(Path(passwords).stat().st_mode) & 0o077:
        yield f"PGPASSFILE={passwords} is open to others, so libpq ignores it: chmod 0400 it."


def unknown_limits() -> Iterator[str]:
    """Limits of incidents that cannot be: found by the process that watches, no incident would ever open."""
    from aduan.monitoring.conditions import thresholds

    try:
        thresholds()
    except Exception as error:
        if not _is_configuration(error):
            raise
        yield str(error)


def unknown_functions(settings: Any) -> Iterator[str]:
    """A gateway or a store that is not there: found by the first code and the first picture."""
    from django.utils.module_loading import import_string

    named = {
        "ADUAN_SMS_GATEWAY": settings.SMS_GATEWAY,
        "ADUAN_EVIDENCE_STORAGE": settings.STORAGES["evidence"]["BACKEND"],
    }
    for name, path in named.items():
        try:
            known = callable(import_string(path))
        except (ImportError, ValueError):  # an empty part between two dots
            known = False
        if not known:
            yield f"{name}={path} is no function or class that this program has."


def unknown_slots(settings: Any) -> Iterator[str]:
    from portal.tasks.workers import UnknownQueue, slots_of

    try:
        slots_of(settings.WORKER_SLOTS.split(","))
    except UnknownQueue as error:
        yield f"ADUAN_WORKER_SLOTS has {error}."


def closed_folders(settings: Any) -> Iterator[str]:
    """Folders of the state that this account cannot write into."""
    for name in ("ADUAN_HOME", "MEDIA_ROOT"):
        folder = Path(getattr(settings, name))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            yield f"{folder}: user {os.getuid()} cannot write there ({error.strerror})."


def unreachable_database(facts: dict[str, Any]) -> Iterator[str]:
    """Whether PostgreSQL takes our log-in and keeps the options of the session."""
    import psycopg2

    place = f"{facts['HOST'] or 'the local socket'}:{facts['PORT'] or 5432}"
    try:
        with _session(facts) as cursor:
            cursor.execute("SELECT current_setting(%s)", (OURS[0],))
            if cursor.fetchone() != (OURS[1],):
                yield POOLER
    except psycopg2.OperationalError as error:
        said = " ".join(str(error).split())
        yield POOLER if "unsupported startup parameter" in said else f"PostgreSQL at {place}: {said}"


def too_strong_role(facts: dict[str, Any]) -> Iterator[str]:
    """Whether our log-in could rewrite what must not change."""
    from aduan.core import db_grants

    with _session(facts) as cursor:
        if powers := db_grants.powers(cursor):
            yield TOO_STRONG.format(
                user=facts["USER"] or os.environ.get("USER", "?"), powers=", ".join(powers)
            )


@contextmanager
def _session(facts: dict[str, Any]) -> Iterator[Any]:
    import psycopg2

    connection = psycopg2.connect(
        host=facts["HOST"] or None, port=facts["PORT"] or None, user=facts["USER"] or None,
        password=facts["PASSWORD"] or None, dbname=facts["NAME"], connect_timeout=10,
        options=facts["OPTIONS"]["options"],
    )  # fmt: skip
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def powerless_migrator(settings: Any) -> Iterator[str]:
    """Whether the part that migrates has the log-in that may."""
    if settings.MIGRATE_DATABASE["USER"] == settings.DATABASES["default"]["USER"]:
        yield "ADUAN_MIGRATE_DATABASE_URL is not set: the application's role cannot change tables."


def _why(path: str) -> str:
    return "is not there" if not Path(path).exists() else f"cannot be read by user {os.getuid()}"


def _is_configuration(error: Exception) -> bool:
    return type(error).__name__ == "ImproperlyConfigured"


if __name__ == "__main__":
    sys.exit(main())
