"""SQL begins and ends no protection, and writes no change of a status into the history of a case."""

from typing import ClassVar

from django.db import migrations, models

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("cases", "0036_status_true"),
        ("accounts", "0009_made_by_application"),
        ("core", "0004_version_before_may_run"),
        ("numbers", "0003_protection_by_application"),
    ]

    operations: ClassVar = [
        migrations.AddField("caseevent", "mac", models.BinaryField(editable=False, null=True)),
        InstallSql("cases", "status_line_by_application", version=1),
        InstallSql("cases", "protection_two_people", version=3),
    ]
