"""The database knows what the application did on its own."""

from typing import ClassVar

from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0008_people_and_contacts_by_two")]

    operations: ClassVar = [InstallSql("accounts", "made_by_application", version=1)]
