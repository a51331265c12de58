"""Partitions of list entries are made by functions of the tables' owner: the application's role makes no tables."""

from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [("blocklists", "0003_first_answers")]

    operations = [InstallSql("blocklists", "list_partition", version=1)]
