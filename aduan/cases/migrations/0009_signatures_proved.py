"""A signature needs the evidence of its signer's step-up, a block its entry in the audit log."""

from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0008_signatures_with_step_up"),
        ("accounts", "0006_step_up_nonce"),
        ("core", "0003_audit_log_transaction"),
    ]

    operations = [
        InstallSql("cases", "proposal_two_people", version=2),
        InstallSql("cases", "block_audited", version=1),
    ]
