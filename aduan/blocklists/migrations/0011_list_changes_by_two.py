"""Which lists an operator gets, and its canaries, take two list managers."""

from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [("blocklists", "0010_hold_series"), ("accounts", "0007_approvals")]

    operations = [InstallSql("blocklists", "list_change_two_people", version=1)]
