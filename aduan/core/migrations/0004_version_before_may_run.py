"""A rule that becomes stricter lets the version before go on for a day."""

from typing import ClassVar

from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies: ClassVar = [("core", "0003_audit_log_transaction")]

    operations: ClassVar = [InstallSql("core", "version_before_may_run", version=1)]
