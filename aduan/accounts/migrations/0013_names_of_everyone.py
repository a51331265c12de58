"""Name, address and staff number of every log-in take two administrators, also without a role of the ministry."""

from typing import ClassVar

from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0012_password_mac")]

    operations: ClassVar = [InstallSql("accounts", "account_user_power", version=2)]
