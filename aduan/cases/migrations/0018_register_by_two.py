"""Who holds a prefix with blocks, or a blocked number, takes two people."""

from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0017_case_presence"),
        ("accounts", "0007_approvals"),
        ("numbers", "0001_initial"),
        ("operators", "0005_sandbox"),
    ]

    operations = [InstallSql("cases", "register_two_people", version=1)]
