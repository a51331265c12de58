"""Which transaction wrote an entry: other tables ask for the entry of their own act at its end.

Filled by the database alone: the application's role may not name the column. Without a value in older entries,
so that the table is not written anew.
"""

from django.db import migrations

ADD = """
ALTER TABLE core_auditlogentry ADD COLUMN transaction_id bigint;
ALTER TABLE core_auditlogentry ALTER COLUMN transaction_id SET DEFAULT pg_current_xact_id()::text::bigint;
"""
DROP = "ALTER TABLE core_auditlogentry DROP COLUMN transaction_id"


class Migration(migrations.Migration):
    dependencies = [("core", "0002_request_id")]

    operations = [migrations.RunSQL(ADD, DROP)]
