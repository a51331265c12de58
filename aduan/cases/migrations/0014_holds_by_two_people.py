"""A hold takes two people, a legal reference, the quota and the days of its policy: the database sees to it."""

from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_holds"), ("numbers", "0001_initial"), ("operators", "0001_initial")]

    operations = [
        InstallSql("cases", "hold_two_people", version=1),
        InstallSql("cases", "hold_audited", version=1),
        InstallSql("cases", "hold_announced", version=1),
    ]
