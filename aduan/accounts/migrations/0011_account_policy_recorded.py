"""A change of the policy of accounts stands in the audit log, however it was made."""

from typing import ClassVar

from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("accounts", "0010_one_log_in_a_human"),
        ("core", "0003_audit_log_transaction"),
    ]

    operations: ClassVar = [InstallSql("accounts", "account_policy_recorded", version=1)]
