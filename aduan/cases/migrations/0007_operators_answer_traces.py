"""Operators answer where spoofed calls came from, each for itself, once."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

# See operators/0003: an operator's door sees the questions put to that operator.
OWN_ROWS = """
ALTER TABLE cases_tracerequest ENABLE ROW LEVEL SECURITY;
ALTER TABLE cases_tracerequest FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON cases_tracerequest USING (aduan_sees(operator_id));
"""
ALL_ROWS = """
DROP POLICY own_rows ON cases_tracerequest;
ALTER TABLE cases_tracerequest NO FORCE ROW LEVEL SECURITY;
ALTER TABLE cases_tracerequest DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_what_numbers_resemble"),
        ("operators", "0005_register_version"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="tracerequest",
            name="answered_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="tracerequest",
            name="answered_with",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="operators.accesskey",
            ),
        ),
        migrations.AddField(
            model_name="tracerequest",
            name="finding",
            field=models.CharField(
                blank=True,
                choices=[
                    ("own_line", "the calls came from the number's own line"),
                    ("own_network", "they came from another line in our network"),
                    ("other_network", "they came in from another network"),
                    ("abroad", "they came in from abroad"),
                    ("nothing", "our records show no such calls"),
                ],
                max_length=15,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tracerequest",
            trigger=pgtrigger.compiler.Trigger(
                name="answered_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."answered_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="a79c39505a9f6c22d00954ce62aa6ed3b1ba913f",
                    operation="UPDATE",
                    pgid="pgtrigger_answered_once_84c70",
                    table="cases_tracerequest",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tracerequest",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="3006066eb2e67945f8c9069e4bbc4c8165a2ead8",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_bb9c3",
                    table="cases_tracerequest",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="tracerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("answered_at", None), ("answered_by", None), ("answered_with", None), ("finding", "")
                    ),
                    models.Q(
                        ("answered_at__isnull", False),
                        ("finding__in", ["own_line", "own_network", "other_network", "abroad", "nothing"]),
                        models.Q(
                            models.Q(("answered_by__isnull", False), ("answered_with", None)),
                            models.Q(("answered_by", None), ("answered_with__isnull", False)),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="trace_answered_by_somebody",
            ),
        ),
        migrations.RunSQL(OWN_ROWS, ALL_ROWS),
    ]
