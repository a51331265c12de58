import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# As in 0004: an operator's door sees its own.
OWN_ROWS = """
ALTER TABLE blocklists_rejectedoutcomereport ENABLE ROW LEVEL SECURITY;
ALTER TABLE blocklists_rejectedoutcomereport FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON blocklists_rejectedoutcomereport USING (aduan_sees(operator_id));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("blocklists", "0004_own_rows_only"),
        ("operators", "0005_register_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RejectedOutcomeReport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40)),
                ("list_digest", models.CharField(max_length=64)),
                ("row_codes", models.JSONField(default=dict)),
                ("extra", models.JSONField(default=list)),
                ("at", models.DateTimeField()),
                (
                    "access_key",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.accesskey",
                    ),
                ),
                (
                    "block_list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="blocklists.blocklist",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
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
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["operator", "at"], name="rejected_report_by_time")],
            },
        ),
        migrations.RunSQL(OWN_ROWS, "DROP POLICY own_rows ON blocklists_rejectedoutcomereport;"),
        pgtrigger.migrations.AddTrigger(
            model_name="rejectedoutcomereport",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1b24084c6354f75088acc626b18b649438b5db88",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_d632b",
                    table="blocklists_rejectedoutcomereport",
                    when="BEFORE",
                ),
            ),
        ),
    ]
