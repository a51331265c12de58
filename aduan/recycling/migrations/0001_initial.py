"""What operators' interfaces were asked about numbers that may have changed hands."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0019_recycled_notices"),
        ("operators", "0005_sandbox"),
    ]

    operations = [
        migrations.CreateModel(
            name="RecyclingCheck",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("since", models.DateField()),
                ("asked_at", models.DateTimeField()),
                ("changed", models.BooleanField(null=True)),
                ("error", models.CharField(blank=True, max_length=30)),
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
            ],
            options={
                "indexes": [
                    models.Index(fields=["operator", "asked_at"], name="recycling_quota"),
                    models.Index(fields=["case", "-asked_at"], name="recycling_newest"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("changed__isnull", False), ("error", "")),
                            models.Q(("changed", None), models.Q(("error", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="check_has_an_answer_or_an_error",
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recyclingcheck",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d732531752f594b845815876fcbaa3dab67977fe",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8950b",
                    table="recycling_recyclingcheck",
                    when="BEFORE",
                ),
            ),
        ),
    ]
