"""What list managers do names the evidence of a step-up, and the database checks it."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_step_up_nonce"),
        ("blocklists", "0007_urgent_delay"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="listrules",
            name="proposed_is_final",
        ),
        migrations.AddField(
            model_name="blocklist",
            name="resumed_step_up",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.stepupevidence",
            ),
        ),
        migrations.AddField(
            model_name="blocklist",
            name="second_resumed_step_up",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.stepupevidence",
            ),
        ),
        migrations.AddField(
            model_name="canary",
            name="created_step_up",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.stepupevidence",
            ),
        ),
        migrations.AddField(
            model_name="canary",
            name="ended_step_up",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.stepupevidence",
            ),
        ),
        migrations.AddField(
            model_name="listrules",
            name="agreed_step_up",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.stepupevidence",
            ),
        ),
        migrations.AddField(
            model_name="listrules",
            name="proposed_step_up",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.stepupevidence",
            ),
        ),
        migrations.AddField(
            model_name="publicationstop",
            name="lifted_step_up",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.stepupevidence",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listrules",
            trigger=pgtrigger.compiler.Trigger(
                name="proposed_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."additions_ceiling" IS DISTINCT FROM (NEW."additions_ceiling") OR OLD."additions_factor" IS DISTINCT FROM (NEW."additions_factor") OR OLD."additions_floor" IS DISTINCT FROM (NEW."additions_floor") OR OLD."cooling_off_hours" IS DISTINCT FROM (NEW."cooling_off_hours") OR OLD."freed_limit" IS DISTINCT FROM (NEW."freed_limit") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."prefix_block_limit" IS DISTINCT FROM (NEW."prefix_block_limit") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."proposed_step_up_id" IS DISTINCT FROM (NEW."proposed_step_up_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."removals_floor" IS DISTINCT FROM (NEW."removals_floor") OR OLD."removals_percent" IS DISTINCT FROM (NEW."removals_percent") OR OLD."urgent_delay_seconds" IS DISTINCT FROM (NEW."urgent_delay_seconds"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="48320bc8ae105d442642ee6babd9e45a7ba72b9c",
                    operation="UPDATE",
                    pgid="pgtrigger_proposed_is_final_cadb2",
                    table="blocklists_listrules",
                    when="BEFORE",
                ),
            ),
        ),
        InstallSql("blocklists", "list_two_people", version=1),
    ]
