"""The check of migrations refuses what would stop people or break the version before, and nothing else."""

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models

from scripts.checks.migrations import faults, is_released, ours

CHECK = models.CheckConstraint(condition=models.Q(size__gt=0), name="size_is_positive")
INDEX = models.Index(fields=["size"], name="by_size")
NUMBER = models.IntegerField()
OPTIONAL = models.IntegerField(null=True)
KEY = models.BigAutoField(primary_key=True)


def migration(*operations: object, **more: object) -> migrations.Migration:
    kind = type("Migration", (migrations.Migration,), {"operations": list(operations), **more})
    made: migrations.Migration = kind("0002_idea", "complaints")
    return made


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        (migrations.AddField("evidence", "weight", NUMBER), "db_default"),
        (migrations.RemoveField("evidence", "size"), "contracts"),
        (migrations.RenameField("evidence", "size", "bytes"), "contracts"),
        (migrations.DeleteModel("Evidence"), "contracts"),
        (migrations.AlterField("evidence", "size", models.BigIntegerField()), "contracts"),
        (migrations.AddIndex("evidence", INDEX), "AddIndexConcurrently"),
        (migrations.AddConstraint("evidence", CHECK), "AddConstraintNotValid"),
        (AddIndexConcurrently("evidence", INDEX), "atomic = False"),
        (migrations.RunSQL("CREATE INDEX a ON b (c)"), "CONCURRENTLY"),
        (migrations.RunSQL("ALTER TABLE a ADD CONSTRAINT b CHECK (c > 0)"), "NOT VALID"),
        (migrations.RunSQL(["ALTER TABLE a ALTER COLUMN b SET NOT NULL"]), "whole table"),
        (migrations.RunSQL("ALTER TABLE a ALTER COLUMN b TYPE bigint"), "rewrites"),
    ],
)
def test_what_locks_or_takes_away_is_refused(operation: object, why: str) -> None:
    assert any(why in fault for fault in faults(migration(operation)))


def test_data_and_schema_do_not_share_a_migration() -> None:
    both = (
        migrations.RunPython(print),
        migrations.AddField("evidence", "weight", OPTIONAL),
    )
    assert any("of its own" in fault for fault in faults(migration(*both)))


@pytest.mark.parametrize(
    "good",
    [
        migration(migrations.AddField("evidence", "weight", OPTIONAL)),
        migration(migrations.AddField("evidence", "weight", models.IntegerField(db_default=0))),
        migration(AddConstraintNotValid("evidence", CHECK)),
        migration(ValidateConstraint("evidence", "size_is_positive")),
        migration(AddIndexConcurrently("evidence", INDEX), atomic=False),
        migration(migrations.RemoveField("evidence", "size"), contracts="0.2.0"),
        migration(migrations.RunSQL("CREATE INDEX CONCURRENTLY a ON b (c)"), atomic=False),
        migration(migrations.RunSQL("ALTER TABLE a ADD CONSTRAINT b CHECK (c > 0) NOT VALID")),
        migration(
            migrations.CreateModel("Weight", [("id", KEY), ("size", NUMBER)]),
            migrations.AddIndex("weight", INDEX),
            migrations.AddConstraint("weight", CHECK),
        ),
    ],
)
def test_what_both_versions_live_through_is_let_pass(good: migrations.Migration) -> None:
    assert list(faults(good)) == []


def test_it_binds_from_the_first_release_on() -> None:
    assert not is_released("# Changes\n\n## 0.1.0 (Unreleased)\n")
    assert is_released("# Changes\n\n## Unreleased\n\n## 0.1.0 (2026-12-01)\n")


def test_it_reads_the_products_own_migrations() -> None:
    assert "complaints/0002_retention_policies" in ours()
    assert not any(name.startswith("auth/") for name in ours())
