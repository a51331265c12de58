"""A closed partition cannot be emptied either: triggers on rows do not see TRUNCATE."""

from django.db import migrations

MAKE = """
CREATE FUNCTION blocklists_refuse_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the entries of a list are final: % cannot be emptied', TG_TABLE_NAME;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("blocklists", "0001_initial")]

    operations = [migrations.RunSQL(MAKE, "DROP FUNCTION blocklists_refuse_truncate()")]
