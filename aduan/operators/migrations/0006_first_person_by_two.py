"""The first person of an organisation takes two administrators."""

from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [("operators", "0005_sandbox"), ("accounts", "0008_people_and_contacts_by_two")]

    operations = [InstallSql("operators", "member_two_people", version=1)]
