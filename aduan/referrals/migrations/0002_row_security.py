"""A platform sees its own referrals and reports; mail and letters are the ministry's.

See operators/0002_row_security. The triggers: see referrals/sql/referral_current.
"""

from django.db import migrations

from aduan.core.sql_files import InstallSql

CONDITIONS = {
    "referral": "aduan_sees(platform_id)",
    "referralanswer": "aduan_open() OR referral_id IN (SELECT id FROM referrals_referral)",
    "referralreply": "aduan_open() OR referral_id IN (SELECT id FROM referrals_referral)",
    "agencyreport": "aduan_sees(platform_id)",
    "agencyreportrow": "aduan_open() OR report_id IN (SELECT id FROM referrals_agencyreport)",
    "platformcontact": "aduan_sees(platform_id)",
    "platformmail": "aduan_open()",
    "escalationletter": "aduan_open()",
}
WALL = """
ALTER TABLE referrals_{table} ENABLE ROW LEVEL SECURITY;
ALTER TABLE referrals_{table} FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON referrals_{table} USING ({condition});
"""
NO_WALL = """
DROP POLICY own_rows ON referrals_{table};
ALTER TABLE referrals_{table} NO FORCE ROW LEVEL SECURITY;
ALTER TABLE referrals_{table} DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("referrals", "0001_initial"),
        ("operators", "0002_row_security"),
        ("blocklists", "0002_row_security"),
    ]

    operations = [
        *(
            migrations.RunSQL(WALL.format(table=table, condition=condition), NO_WALL.format(table=table))
            for table, condition in CONDITIONS.items()
        ),
        InstallSql("referrals", "referral_current", version=1),
    ]
