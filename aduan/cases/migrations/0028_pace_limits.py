"""Limits of pace are rows that two people change."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0027_rank_by_due_date"),
    ]

    operations = [
        migrations.CreateModel(
            name="PaceLimits",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "signatures_per_minute",
                    models.PositiveSmallIntegerField(
                        default=10, verbose_name="signatures of one person in a minute"
                    ),
                ),
                (
                    "closures_per_hour",
                    models.PositiveSmallIntegerField(
                        default=20, verbose_name="cases closed in an hour, beyond which each is read again"
                    ),
                ),
                (
                    "closures_alarm",
                    models.PositiveSmallIntegerField(
                        default=50, verbose_name="cases closed or asked in a day that alert the leads"
                    ),
                ),
                (
                    "contacts_per_day",
                    models.PositiveSmallIntegerField(
                        default=30, verbose_name="contacts that one person opens in a day"
                    ),
                ),
                (
                    "contacts_alarm",
                    models.PositiveSmallIntegerField(
                        default=15, verbose_name="contacts opened in a day that alert the leads"
                    ),
                ),
                ("since", models.DateTimeField()),
            ],
            options={
                "verbose_name": "limits of pace",
                "verbose_name_plural": "limits of pace",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("signatures_per_minute__gte", 2), ("signatures_per_minute__lte", 30)
                        ),
                        name="pace_signatures_per_minute",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closures_per_hour__gte", 1), ("closures_per_hour__lte", 100)),
                        name="pace_closures_per_hour",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("closures_alarm__gte", 5), ("closures_alarm__lte", 200)),
                        name="pace_closures_alarm",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("contacts_per_day__gte", 1), ("contacts_per_day__lte", 100)),
                        name="pace_contacts_per_day",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("contacts_alarm__gte", 1), ("contacts_alarm__lte", 100)),
                        name="pace_contacts_alarm",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("contacts_alarm__lte", models.F("contacts_per_day"))),
                        name="pace_alarm_before_the_end",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="pacelimits",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="69a8e6827ea70f6d6d15f2d7efdf77317bd83c79",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_0ae4c",
                    table="cases_pacelimits",
                    when="BEFORE",
                ),
            ),
        ),
        InstallSql("cases", "pace_two_people", version=1),
    ]
