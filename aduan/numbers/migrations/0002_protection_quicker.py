from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [("numbers", "0001_initial")]

    operations = [InstallSql("numbers", "numbers_protection", version=2)]
