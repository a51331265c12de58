"""The quota of holds counts a human, whichever log-in signs."""

from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [("cases", "0032_case_views")]

    operations = [InstallSql("cases", "hold_two_people", version=2)]
