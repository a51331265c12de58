"""Migrations that an old and a new version of the product can live through side by side.

What a migration may do while people use the portal: `docs/operations/upgrade.md`. A step that takes something
away from the version before ("contract") says so by `contracts = "<the version that stopped using it>"` on
its class. Needs no database. Migrations of released versions are not looked at again: a release writes them
into released_migrations.txt (`--release`). That file begins with all that were merged by 28 November 2026:
0.1.0 was tagged and never deployed, so none of them had to let it go on beside them; each later one has to.
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.db import migrations
from django.db.migrations.operations.base import Operation

from scripts.checks.sources import PROJECT

RELEASED = Path(__file__).with_name("released_migrations.txt")
CHANGES = PROJECT / "CHANGELOG.md"
PACKAGES = ("aduan.", "portal")
TAKES_AWAY = (
    migrations.RemoveField,
    migrations.DeleteModel,
    migrations.RenameField,
    migrations.RenameModel,
    migrations.AlterModelTable,
    migrations.RemoveConstraint,
)
LOCKING_SQL = (
    (
        re.compile(r"\bCREATE\s+(?:UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY)", re.I),
        "CREATE INDEX without CONCURRENTLY",
    ),
    (re.compile(r"\bDROP\s+INDEX\s+(?!CONCURRENTLY)", re.I), "DROP INDEX without CONCURRENTLY"),
    (
        re.compile(r"\bADD\s+CONSTRAINT\b(?!.*\b(?:NOT\s+VALID|USING\s+INDEX)\b)", re.I | re.S),
        "ADD CONSTRAINT without NOT VALID",
    ),
    (re.compile(r"\bSET\s+NOT\s+NULL\b", re.I), "SET NOT NULL reads the whole table under a lock"),
    (re.compile(r"\b(?:VACUUM\s+FULL|CLUSTER|LOCK\s+TABLE)\b", re.I), "a lock that stops everybody"),
    (
        re.compile(r"\bALTER\s+COLUMN\s+\S+\s+(?:SET\s+DATA\s+)?TYPE\b", re.I),
        "a changed type rewrites the table",
    ),
)


def faults(migration: migrations.Migration) -> Iterator[str]:
    """What would stop people, or break the version before, in one migration."""
    new = {
        operation.name.lower()
        for operation in migration.operations
        if isinstance(operation, migrations.CreateModel)
    }
    contracts = bool(getattr(migration, "contracts", ""))
    for operation in migration.operations:
        yield from _of_operation(operation, new, contracts=contracts)
    kinds = {isinstance(operation, migrations.RunPython) for operation in migration.operations}
    if kinds == {True, False}:
        yield "RunPython beside other operations keeps their locks while it runs: a migration of its own"
    if (
        any("Concurrently" in type(operation).__name__ for operation in migration.operations)
        and migration.atomic
    ):
        yield "CONCURRENTLY needs atomic = False"


def _of_operation(operation: Operation, new: set[str], *, contracts: bool) -> Iterator[str]:
    model = getattr(operation, "model_name", None) or getattr(operation, "name", "")
    if isinstance(operation, TAKES_AWAY) and not contracts:
        yield f'{operation.describe()}: the version before still uses it; set contracts = "<version>"'
    if isinstance(operation, migrations.RunSQL):
        yield from _of_sql(operation.sql)
    if str(model).lower() in new:
        return
    if isinstance(operation, migrations.AddField) and _needs_a_value(operation.field):
        yield f"{operation.describe()}: the version before leaves it out; give null=True or db_default"
    if isinstance(operation, migrations.AlterField) and not contracts:
        yield f"{operation.describe()}: may rewrite or read the table; add a column, or set contracts"
    if type(operation) is migrations.AddIndex:
        yield f"{operation.describe()}: AddIndexConcurrently"
    if type(operation) is migrations.AddConstraint:
        yield f"{operation.describe()}: AddConstraintNotValid, and ValidateConstraint in the next migration"


def _needs_a_value(field: Any) -> bool:
    return not (field.null or field.has_db_default() or field.many_to_many or field.generated)


def _of_sql(sql: Any) -> Iterator[str]:
    statements = (
        [sql] if isinstance(sql, str) else [part if isinstance(part, str) else part[0] for part in sql]
    )
    for statement in statements:
        bare = re.sub(r"--[^\n]*|\$(\w*)\$.*?\$\1\$", " ", statement, flags=re.S)
        yield from (f"SQL: {why}" for pattern, why in LOCKING_SQL if pattern.search(bare))


def ours() -> dict[str, migrations.Migration]:
    """Every migration of the product by `app/name`."""
    from django.db.migrations.loader import MigrationLoader

    found = MigrationLoader(None).disk_migrations
    return {
        f"{app}/{name}": migration
        for (app, name), migration in sorted(found.items())
        if type(migration).__module__.startswith(PACKAGES)
    }


def is_released(changes: str) -> bool:
    """Whether the change log knows a version that is out."""
    return any("Unreleased" not in line for line in re.findall(r"^## (.+)$", changes, re.M))


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    import django

    django.setup()
    known = ours()
    if arguments == ["--release"]:
        RELEASED.write_text("".join(f"{name}\n" for name in known), encoding="ascii")
        return 0
    released = set(RELEASED.read_text(encoding="ascii").split()) if RELEASED.exists() else set()
    looked_at = sorted(name for name in known.keys() - released if not name.endswith("/0001_initial"))
    found = [f"{name}: {fault}" for name in looked_at for fault in faults(known[name])]
    binding = is_released(CHANGES.read_text(encoding="utf-8"))
    print("\n".join(found) if binding else f"migrations: {len(found)} to mend if a version were out already")
    return bool(found and binding)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
