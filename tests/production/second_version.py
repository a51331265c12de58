"""A second version of the application, made from the first: a column, a new trigger, a changed trigger.

Everything in it follows docs/operations/upgrade.md, so that both versions can work on its schema.
"""

from __future__ import annotations

import dataclasses
import re
import shutil
from pathlib import Path

from tests.production.image import Image

COLUMN = "upgrade_probe"
_MIGRATION = '''"""What the second version needs."""

from django.db import migrations, models

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [("complaints", "{complaints}"), ("core", "{core}")]
    operations = [
        migrations.AddField(
            "complaint", "{column}", models.CharField(max_length=20, default="new", db_default="old")
        ),
        InstallSql("complaints", "{column}", version=1),
        InstallSql("core", "audit_log_chain", version={chain}),
    ]
'''
_TRIGGER = f"""
CREATE OR REPLACE FUNCTION complaints_{COLUMN}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.{COLUMN} := NEW.{COLUMN} || ' and seen';
    RETURN NEW;
END
$$;
CREATE OR REPLACE TRIGGER {COLUMN} BEFORE INSERT ON complaints_complaint
FOR EACH ROW EXECUTE FUNCTION complaints_{COLUMN}();
"""


def build(first: Image, folder: Path) -> Image:
    """A copy of the first image with the changes in it; its packages are the same."""
    app = folder / "second"
    shutil.copytree(first.app, app, symlinks=True)
    for path in [app, *app.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o200)
    _change_model(app / "aduan/complaints/models.py")
    chain = _newest(app / "aduan/core/sql", r"audit_log_chain\.(\d+)\.sql")
    text = (app / f"aduan/core/sql/audit_log_chain.{chain}.sql").read_text(encoding="utf-8")
    changed = text.replace(
        "    RETURN NEW;\n", "    NEW.detail := COALESCE(NEW.detail, '{}');\n    RETURN NEW;\n"
    )
    assert changed != text
    (app / f"aduan/core/sql/audit_log_chain.{chain + 1}.sql").write_text(changed, encoding="utf-8")
    (app / f"aduan/complaints/sql/{COLUMN}.1.sql").write_text(_TRIGGER, encoding="utf-8")
    migration = _MIGRATION.format(
        complaints=_last_migration(app, "complaints"), core=_last_migration(app, "core"),
        column=COLUMN, chain=chain + 1,
    )  # fmt: skip
    (app / "aduan/complaints/migrations/9999_second_version.py").write_text(migration, encoding="utf-8")
    return dataclasses.replace(first, app=app)


def _change_model(models: Path) -> None:
    text = models.read_text(encoding="utf-8")
    before = re.search(r"^class Complaint\(.*?(?=^    class Meta:)", text, re.S | re.M)
    assert before is not None
    field = f'    {COLUMN} = models.CharField(max_length=20, default="new", db_default="old")\n\n'
    models.write_text(text.replace(before[0], before[0] + field, 1), encoding="utf-8")


def _newest(folder: Path, pattern: str) -> int:
    found = (re.fullmatch(pattern, path.name) for path in folder.iterdir())
    return max(int(match[1]) for match in found if match)


def _last_migration(app: Path, label: str) -> str:
    return max(path.stem for path in (app / "aduan" / label / "migrations").glob("0*.py"))
