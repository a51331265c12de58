"""The term of a subscription is `switched`; `on` is a day elsewhere."""

from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [("blocklists", "0011_list_changes_by_two")]

    operations = [InstallSql("blocklists", "list_change_two_people", version=2)]
