"""Notices of new holders: a few a day count at once, more of them wait for a person."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0018_register_by_two"),
        ("operators", "0005_sandbox"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RecycledNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("operator", "notice of the operator"),
                            ("interface", "number recycling interface"),
                        ],
                        max_length=9,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("applied", "counted at once"),
                            ("waiting", "waits for a person"),
                            ("confirmed", "confirmed by a person"),
                            ("declined", "not believed"),
                        ],
                        max_length=9,
                    ),
                ),
                ("received_at", models.DateTimeField()),
                ("detail", models.JSONField(default=dict)),
                ("settled_at", models.DateTimeField(null=True)),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="operators.operator"
                    ),
                ),
                (
                    "settled_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["operator", "received_at"], name="recycled_of_day"),
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["received_at"],
                        name="recycled_waiting",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "waiting")),
                        fields=("case",),
                        name="one_waiting_notice_per_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("settled_at", None),
                                ("settled_by", None),
                                ("state__in", ["applied", "waiting"]),
                            ),
                            models.Q(
                                ("settled_at__isnull", False),
                                ("settled_by__isnull", False),
                                ("state__in", ["confirmed", "declined"]),
                            ),
                            _connector="OR",
                        ),
                        name="notice_settled_by_a_person",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recyclednotice",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="68da6f514763d155c39788d6026ed87bd1dd066c",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_a901a",
                    table="cases_recyclednotice",
                    when="BEFORE",
                ),
            ),
        ),
    ]
