"""Functions and triggers of the database are those of the newest files; what was released never changes."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from pathlib import Path

import pghistory.trigger
import pgtrigger
import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from aduan.core import db_grants, sql_files
from aduan.core.sql_files import InstallSql
from tests.database import as_administrator

PROJECT = Path(__file__).resolve().parents[3]
RELEASED = PROJECT / "tests/data/released_sql.sha256"
MIGRATED = PROJECT / "tests/data/merged_migrations.sha256"
FILE = re.compile(r"aduan/(\w+)/sql/(\w+)\.([1-9][0-9]*)\.sql")

# What pgtrigger, pghistory and extensions make is theirs.
OURS = r"""
    SELECT p.oid::regprocedure::text AS name, pg_get_functiondef(p.oid) AS text
    FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.prokind = 'f' AND p.proname !~ '^(_?pgtrigger|_pgh)_'
      AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
"""
TRIGGERS = """
    SELECT tgname || ' on ' || tgrelid::regclass AS name, pg_get_triggerdef(oid) || tgenabled::text AS text
    FROM pg_trigger WHERE NOT tgisinternal
"""


def on_disk() -> list[str]:
    return sorted(path.relative_to(PROJECT).as_posix() for path in PROJECT.glob("aduan/*/sql/*"))


def digest(name: str) -> str:
    return hashlib.sha256((PROJECT / name).read_bytes()).hexdigest()


def migrations() -> list[str]:
    return sorted(
        path.relative_to(PROJECT).as_posix() for path in PROJECT.glob("aduan/*/migrations/[0-9]*.py")
    )


def released(digests: Path = RELEASED) -> dict[str, str]:
    """Digest by file, from the output of sha256sum."""
    lines = digests.read_text(encoding="ascii").splitlines()
    return {name: digest for digest, name in (line.split("  ") for line in lines)}


def installed() -> dict[tuple[str, str], list[int]]:
    """The versions of each function or trigger in the order in which migrations install them."""
    loader = MigrationLoader(None)
    plan = [key for leaf in loader.graph.leaf_nodes() for key in loader.graph.forwards_plan(leaf)]
    versions: dict[tuple[str, str], list[int]] = defaultdict(list)
    for app_label, name in dict.fromkeys(plan):
        for operation in loader.get_migration(app_label, name).operations:
            if isinstance(operation, InstallSql):
                versions[operation.app_label, operation.name].append(operation.version)
    return versions


def sql(statement: str) -> dict[str, str]:
    """The rows of a query as texts by name; none of another statement."""
    with as_administrator() as cursor:
        cursor.execute(statement)
        return dict(cursor.fetchall()) if cursor.description else {}


def definitions() -> dict[str, str]:
    return sql(OURS) | sql(TRIGGERS)


def install_newest() -> None:
    """Drop our functions with their triggers, then run the newest file of each."""
    for name in sql(OURS):
        sql(f"DROP FUNCTION {name} CASCADE")
    for (app_label, name), versions in installed().items():
        sql(sql_files.sql_file(app_label, name, versions[-1]).read_text(encoding="utf-8"))
    with as_administrator():
        db_grants.pin_search_paths()  # as `migrate` does


@pytest.mark.parametrize("digests", [RELEASED, MIGRATED], ids=lambda path: path.stem)
def test_no_released_file_was_edited_or_removed(digests: Path):
    kept = released(digests)
    assert {name: digest(name) for name in kept if (PROJECT / name).exists()} == kept


def test_every_file_is_named_by_version_and_recorded():
    assert [name for name in on_disk() if not FILE.fullmatch(name)] == []
    missing = [f"{digest(name)}  {name}" for name in on_disk() if name not in released()]
    assert missing == [], "add the lines to tests/data/released_sql.sha256"


def test_every_migration_is_recorded():
    missing = [f"{digest(name)}  {name}" for name in migrations() if name not in released(MIGRATED)]
    assert missing == [], "add the lines to tests/data/merged_migrations.sha256"


def test_migrations_install_every_version_in_order():
    files: dict[tuple[str, str], list[int]] = defaultdict(list)
    for app_label, name, version in sorted(m.groups() for m in map(FILE.fullmatch, on_disk()) if m):
        files[app_label, name].append(int(version))
    assert installed() == {key: sorted(versions) for key, versions in files.items()}
    assert all(versions == list(range(1, len(versions) + 1)) for versions in files.values())


def test_the_triggers_of_models_are_only_protections_and_history():
    """A trigger with a body of its own is a file."""
    simple = (pgtrigger.Protect, pghistory.trigger.Event)
    assert [str(trigger) for _, trigger in pgtrigger.registered() if not isinstance(trigger, simple)] == []


@pytest.mark.django_db
def test_a_migrated_database_has_the_functions_and_triggers_of_the_newest_files():
    migrated = definitions()
    install_newest()
    assert definitions() == migrated
    assert {"cases_proposal_two_people()", "proposal_two_people on cases_proposal"} <= migrated.keys()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("ALTER FUNCTION cases_proposal_two_people() SECURITY DEFINER", "cases_proposal_two_people()"),
        ("DROP TRIGGER block_two_people ON cases_block", "block_two_people on cases_block"),
        ("ALTER TABLE cases_block DISABLE TRIGGER block_two_people", "block_two_people on cases_block"),
        (
            "CREATE FUNCTION extra() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
            "extra()",
        ),
    ],
)
def test_a_law_that_differs_from_its_file_is_found(change: str, name: str):
    sql(change)
    changed = definitions()
    install_newest()
    assert name in {key for key, _ in changed.items() ^ definitions().items()}


RULE = """
CREATE OR REPLACE FUNCTION core_rule() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rule {version}: 100%%';
END
$$;

CREATE OR REPLACE TRIGGER rule BEFORE DELETE OR UPDATE OF state ON core_job
FOR EACH ROW WHEN (OLD.state = 'done') EXECUTE FUNCTION core_rule();
"""
ENDED = "DROP TRIGGER IF EXISTS rule ON core_job; DROP FUNCTION IF EXISTS core_rule;"


@pytest.fixture
def three_versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two versions of a rule, and one that ends it."""
    for version, text in enumerate((RULE.format(version=1), RULE.format(version=2), ENDED), start=1):
        (tmp_path / f"rule.{version}.sql").write_text(text)
    monkeypatch.setattr(sql_files, "sql_file", lambda _app, name, version: tmp_path / f"{name}.{version}.sql")


def message() -> str:
    """What the installed rule says; empty without one."""
    text = definitions().get("core_rule()", "")
    assert ("rule on core_job" in definitions()) is (text != "")
    return "".join(re.findall(r"'(.*)'", text))


@pytest.mark.django_db
def test_versions_are_installed_one_after_the_other_and_taken_back(three_versions: None):
    state, steps = ProjectState(), [InstallSql("core", "rule", version=version) for version in (1, 2, 3)]
    seen = []
    with as_administrator(), connection.schema_editor(atomic=False) as editor:
        for step in steps:
            step.database_forwards("core", editor, state, state)
            seen.append(message())
        for step in reversed(steps):
            step.database_backwards("core", editor, state, state)
            seen.append(message())
    assert seen == ["rule 1: 100%%", "rule 2: 100%%", "", "rule 2: 100%%", "rule 1: 100%%", ""]


@pytest.mark.django_db
def test_what_a_migration_created_is_dropped_backwards():
    before = definitions()
    state, step = ProjectState(), InstallSql("operators", "register_version", version=1)
    with as_administrator(), connection.schema_editor(atomic=False) as editor:
        step.database_backwards("operators", editor, state, state)
        gone = before.keys() - definitions().keys()
        step.database_forwards("operators", editor, state, state)
        db_grants.pin_search_paths()
    tables = ("operators_operator", "operators_brand", "operators_numberrange")
    assert gone == {"operators_register_version()", *(f"register_version on {table}" for table in tables)}
    assert definitions() == before
