"""Evidence of a step-up serves one request; alarms, whole patterns and a way back in the register take another person."""

import django.db.models.deletion
from django.db import migrations, models

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_people_and_contacts_by_two"),
        ("cases", "0024_complaints_under_right_number"),
    ]

    operations = [
        migrations.AlterField(
            model_name="alarm",
            name="kind",
            field=models.CharField(
                choices=[
                    ("rubber_stamp", "many signatures within a minute"),
                    ("bulk", "many cases closed or asked within a day"),
                    ("contacts_revealed", "many contacts opened within a day"),
                    ("new_decider", "received a role that decides about numbers or lists"),
                    ("list_rejected", "rejected a list that waited"),
                ],
                max_length=40,
            ),
        ),
        migrations.AlterField(
            model_name="changerequest",
            name="requested_evidence",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.stepupevidence"
            ),
        ),
        migrations.AlterField(
            model_name="changerequest",
            name="settled_evidence",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.stepupevidence",
            ),
        ),
        InstallSql("cases", "alarm_seen_by_another", version=1),
        InstallSql("cases", "protection_two_people", version=2),
        InstallSql("cases", "register_two_people", version=2),
    ]
