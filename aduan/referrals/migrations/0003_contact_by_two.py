"""How a platform is reached takes two people."""

from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [("referrals", "0002_row_security"), ("accounts", "0008_people_and_contacts_by_two")]

    operations = [InstallSql("referrals", "contact_two_people", version=1)]
