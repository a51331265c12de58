"""An urgent block waits, and numbers that people free are counted: two more figures of the rules."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [
        ("blocklists", "0006_hour_of_ending"),
        ("cases", "0012_stop_urgent"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="listrules",
            name="proposed_is_final",
        ),
        migrations.AddField(
            model_name="listrules",
            name="freed_limit",
            field=models.PositiveSmallIntegerField(
                db_default=20, verbose_name="numbers that people may free in a day"
            ),
        ),
        migrations.AddField(
            model_name="listrules",
            name="urgent_delay_seconds",
            field=models.PositiveSmallIntegerField(
                db_default=120, verbose_name="seconds in which an urgent block can still be stopped"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listrules",
            trigger=pgtrigger.compiler.Trigger(
                name="proposed_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."additions_ceiling" IS DISTINCT FROM (NEW."additions_ceiling") OR OLD."additions_factor" IS DISTINCT FROM (NEW."additions_factor") OR OLD."additions_floor" IS DISTINCT FROM (NEW."additions_floor") OR OLD."cooling_off_hours" IS DISTINCT FROM (NEW."cooling_off_hours") OR OLD."freed_limit" IS DISTINCT FROM (NEW."freed_limit") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."prefix_block_limit" IS DISTINCT FROM (NEW."prefix_block_limit") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."removals_floor" IS DISTINCT FROM (NEW."removals_floor") OR OLD."removals_percent" IS DISTINCT FROM (NEW."removals_percent") OR OLD."urgent_delay_seconds" IS DISTINCT FROM (NEW."urgent_delay_seconds"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="3704e255a44d8f4d06706b01239365dd8014c80d",
                    operation="UPDATE",
                    pgid="pgtrigger_proposed_is_final_cadb2",
                    table="blocklists_listrules",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="listrules",
            constraint=models.CheckConstraint(
                condition=models.Q(("freed_limit__gte", 1), ("freed_limit__lte", 100)),
                name="rules_freed_limit_within_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="listrules",
            constraint=models.CheckConstraint(
                condition=models.Q(("urgent_delay_seconds__gte", 60), ("urgent_delay_seconds__lte", 3600)),
                name="rules_urgent_delay_seconds_within_reason",
            ),
        ),
        InstallSql("blocklists", "urgent_stop", version=1),
    ]
