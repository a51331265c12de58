"""The sequence from which every change of the register takes its version."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("operators", "0003_own_rows_only")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE operators_register_version_seq",
            "DROP SEQUENCE operators_register_version_seq",
        )
    ]
