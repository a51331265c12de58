from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [
        ("blocklists", "0016_outcome_reason_words"),
        ("numbers", "0002_protection_quicker"),
        ("operators", "0007_one_sandbox_of_a_kind"),
    ]

    operations = [InstallSql("blocklists", "published_about", version=1)]
