"""What frees a number, or changes what may be blocked, takes two people: the database sees to it."""

from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [("cases", "0006_change_requests"), ("numbers", "0001_initial")]

    operations = [
        InstallSql("cases", "number_matches", version=1),
        InstallSql("cases", "change_request_two_people", version=1),
        InstallSql("cases", "block_release_grounds", version=1),
        InstallSql("cases", "protection_two_people", version=1),
    ]
