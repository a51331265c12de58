"""Keys and people of an organisation are the application's; those of now stay as they are."""

from typing import ClassVar

from django.db import migrations, models

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("operators", "0007_one_sandbox_of_a_kind"),
        ("accounts", "0009_made_by_application"),
    ]

    operations: ClassVar = [
        migrations.AddField("accesskey", "mac", models.BinaryField(editable=False, null=True)),
        migrations.AddField("operatormember", "mac", models.BinaryField(editable=False, null=True)),
        InstallSql("operators", "access_by_application", version=1),
    ]
