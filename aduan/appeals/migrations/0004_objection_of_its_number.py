"""A code to one number lifts nothing of another."""

from typing import ClassVar

from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies: ClassVar = [("appeals", "0003_answer_policy"), ("cases", "0001_initial")]

    operations: ClassVar = [InstallSql("appeals", "objection_of_its_number", version=1)]
