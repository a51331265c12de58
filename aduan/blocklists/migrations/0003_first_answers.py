"""The first answer to each clock is kept; lists whose clock is over need no counting any more.

A closed clock is seen with its list: see blocklists/0002_row_security.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

WALL = """
ALTER TABLE blocklists_closedclock ENABLE ROW LEVEL SECURITY;
ALTER TABLE blocklists_closedclock FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON blocklists_closedclock
    USING (aduan_open() OR block_list_id IN (SELECT id FROM blocklists_blocklist));
"""


class Migration(migrations.Migration):
    dependencies = [
        ("blocklists", "0002_row_security"),
    ]

    operations = [
        migrations.AddField(
            model_name="outcome",
            name="first_acted_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="outcome",
            name="first_answer",
            field=models.CharField(
                choices=[
                    ("blocked", "blocked"),
                    ("inactive", "already inactive"),
                    ("not_ours", "not our number"),
                    ("recycled", "belongs to a new holder"),
                    ("refused", "refused"),
                    ("unblocked", "block lifted"),
                ],
                max_length=10,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="outcome",
            name="first_reported_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="sentreminder",
            name="kind",
            field=models.CharField(
                choices=[
                    ("list_not_fetched", "List not fetched"),
                    ("list_due", "Outcomes due soon"),
                    ("list_overdue", "Outcomes overdue"),
                    ("list_unanswered", "Referrals not yet answered"),
                    ("list_differs", "Outcomes differ from the list"),
                ],
                max_length=20,
            ),
        ),
        migrations.CreateModel(
            name="ClosedClock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("answered", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "block_list",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="blocklists.blocklist",
                    ),
                ),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closedclock",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="41e5c790f36c6e94017f28b825be609a3bf15ba8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_b3b47",
                    table="blocklists_closedclock",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.RunSQL(WALL, "DROP POLICY own_rows ON blocklists_closedclock"),
    ]
