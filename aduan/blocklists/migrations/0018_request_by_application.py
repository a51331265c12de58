"""Key holders sign what the application made; open requests get its code with their next signature."""

from typing import ClassVar

from django.db import migrations, models

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies: ClassVar = [
        ("blocklists", "0017_published_about"),
        ("accounts", "0009_made_by_application"),
    ]

    operations: ClassVar = [
        migrations.AddField("signaturerequest", "mac", models.BinaryField(editable=False, null=True)),
        InstallSql("blocklists", "request_by_application", version=1),
    ]
