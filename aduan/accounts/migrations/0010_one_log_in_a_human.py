"""One human has one log-in, however staff number and mailbox are written."""

from typing import ClassVar

from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0009_made_by_application")]

    operations: ClassVar = [
        InstallSql("accounts", "account_change_two_people", version=2),
        InstallSql("accounts", "one_log_in", version=1),
    ]
