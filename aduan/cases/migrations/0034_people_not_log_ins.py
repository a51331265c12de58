"""Signers, and who decided before: counted by human."""

from typing import ClassVar

from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0033_hold_quota_of_humans"), ("accounts", "0010_one_log_in_a_human")]

    operations: ClassVar = [
        InstallSql("cases", "change_request_two_people", version=4),
        InstallSql("cases", "proposal_two_people", version=3),
    ]
