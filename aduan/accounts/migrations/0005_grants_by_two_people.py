"""The rules of grants. People who have roles already keep them, dated by their log-in: they have waited."""

from django.db import migrations

from aduan.core.sql_files import InstallSql

DATE_GRANTS = """
UPDATE accounts_user SET roles_granted_at = created_at - interval '30 days'
WHERE NOT roles <@ ARRAY['operator_person']::varchar[] AND roles_granted_at IS NULL
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_changes_by_two_people")]

    operations = [
        migrations.RunSQL(DATE_GRANTS, migrations.RunSQL.noop),
        InstallSql("accounts", "account_change_two_people", version=1),
        InstallSql("accounts", "account_user_power", version=1),
        InstallSql("accounts", "step_up_evidence", version=2),
    ]
