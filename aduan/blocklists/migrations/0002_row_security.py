"""Row-level security on lists and all that hangs on them: see operators/0002_row_security.

An entry or a file is seen with its list. `aduan_open()` is asked first, so that the ministry and the worker, for
whom no operator is set, pay nothing per row.
"""

from django.db import migrations

from aduan.core.sql_files import InstallSql

OWNED = ("blocklist", "download", "outcomereport", "outcome", "rejectedoutcomereport")
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
    dependencies = [("blocklists", "0001_initial"), ("operators", "0002_row_security")]

    operations = [
        InstallSql("blocklists", "aduan_open", version=1),
        *(migrations.RunSQL(_on(table, "aduan_sees(operator_id)"), _off(table)) for table in OWNED),
        *(migrations.RunSQL(_on(table, _through(column)), _off(table)) for table, column in HANGING.items()),
    ]
