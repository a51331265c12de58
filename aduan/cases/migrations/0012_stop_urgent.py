"""An urgent block can be stopped by one person before a list takes it."""

from django.db import migrations, models

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0011_alarm_by_the_day"),
    ]

    operations = [
        migrations.AlterField(
            model_name="block",
            name="release_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("error", "The block was a mistake."),
                    ("expired", "Its time was over."),
                    ("recycled", "The operator says that the number has a new owner."),
                    ("protected", "The number is protected."),
                    ("objection", "The owner objected, and was right."),
                    ("reopened", "The case was opened again."),
                    ("stopped", "It was stopped before a list took it."),
                    ("rerouted", "The number moved to another operator."),
                ],
                max_length=40,
            ),
        ),
        migrations.AlterField(
            model_name="cannedreason",
            name="action",
            field=models.CharField(
                choices=[
                    ("file", "complaint received"),
                    ("ask", "asked for more"),
                    ("complete", "complaint completed"),
                    ("propose", "proposed"),
                    ("agree", "second person agreed"),
                    ("disagree", "second person disagreed"),
                    ("reject", "proposal rejected"),
                    ("retract", "proposal withdrawn"),
                    ("confirm_block", "block confirmed"),
                    ("confirm_spoofed", "spoofing confirmed"),
                    ("confirm_referral", "referral confirmed"),
                    ("dismiss", "closed without action"),
                    ("declare_not_ours", "declared not our matter"),
                    ("reopen", "reopened"),
                    ("release", "block released"),
                    ("object", "objection received"),
                    ("settle", "objection answered"),
                    ("answer", "operator answered"),
                    ("route", "sent to another operator"),
                    ("request_change", "release or answer proposed"),
                    ("stop_urgent", "urgent block stopped before its list"),
                    ("decline_change", "release or answer not confirmed"),
                ],
                max_length=20,
                verbose_name="step",
            ),
        ),
        migrations.AlterField(
            model_name="caseevent",
            name="action",
            field=models.CharField(
                choices=[
                    ("file", "complaint received"),
                    ("ask", "asked for more"),
                    ("complete", "complaint completed"),
                    ("propose", "proposed"),
                    ("agree", "second person agreed"),
                    ("disagree", "second person disagreed"),
                    ("reject", "proposal rejected"),
                    ("retract", "proposal withdrawn"),
                    ("confirm_block", "block confirmed"),
                    ("confirm_spoofed", "spoofing confirmed"),
                    ("confirm_referral", "referral confirmed"),
                    ("dismiss", "closed without action"),
                    ("declare_not_ours", "declared not our matter"),
                    ("reopen", "reopened"),
                    ("release", "block released"),
                    ("object", "objection received"),
                    ("settle", "objection answered"),
                    ("answer", "operator answered"),
                    ("route", "sent to another operator"),
                    ("request_change", "release or answer proposed"),
                    ("stop_urgent", "urgent block stopped before its list"),
                    ("decline_change", "release or answer not confirmed"),
                ],
                max_length=20,
            ),
        ),
        InstallSql("cases", "block_release_grounds", version=2),
    ]
