"""Row-level security on lists and all that hangs on them: see operators/0003.

An entry or a file is seen with its list. `aduan_open()` is asked first, so that the ministry and the worker, for
whom no operator is set, pay nothing per row.
"""

from django.db import migrations

OPEN = """
CREATE FUNCTION aduan_open() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('app.operator_id', true), '') = '' $$;
"""
OWNED = ("blocklist", "download", "outcomereport", "outcome")
HANGING = {"listfile": "block_list_id", "blocklistentry": "list_id"}


def _on(table: str, condition: str) -> str:
    return f"""
ALTER TABLE blocklists_{table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE blocklists_{table} FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON blocklists_{table} USING ({condition});
"""


def _through(column: str) -> str:
    return f"aduan_open() OR {column} IN (SELECT id FROM blocklists_blocklist)"  # noqa: S608 - names of ours


def _off(table: str) -> str:
    return f"""
DROP POLICY own_rows ON blocklists_{table};
ALTER TABLE blocklists_{table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE blocklists_{table} DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("blocklists", "0003_outcome_effects"),
        ("operators", "0003_own_rows_only"),
    ]

    operations = [
        migrations.RunSQL(OPEN, "DROP FUNCTION aduan_open();"),
        *(migrations.RunSQL(_on(table, "aduan_sees(operator_id)"), _off(table)) for table in OWNED),
        *(migrations.RunSQL(_on(table, _through(column)), _off(table)) for table, column in HANGING.items()),
    ]
