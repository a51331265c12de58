"""Rules of holds are set by two people at the desk; before, by the owner of the tables alone."""

from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0022_block_released_index"),
        ("accounts", "0007_approvals"),
        ("operators", "0005_sandbox"),
    ]

    operations = [InstallSql("cases", "hold_policy_two_people", version=1)]
