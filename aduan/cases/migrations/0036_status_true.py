"""The status of a case agrees with its blocks, its proposals and its history, whoever writes it."""

from typing import ClassVar

from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies: ClassVar = [("cases", "0035_shadow_ranker")]

    operations: ClassVar = [
        InstallSql("cases", "case_decided_by_proposal", version=2),
        InstallSql("cases", "case_status_true", version=1),
    ]
