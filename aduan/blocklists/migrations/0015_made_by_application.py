"""A list is built by the application and goes out as it was built; a stop is lifted by another person."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0009_made_by_application"),
        ("blocklists", "0014_list_rejected"),
        ("operators", "0007_one_sandbox_of_a_kind"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="blocklist",
            name="contents_are_final",
        ),
        migrations.RemoveConstraint(
            model_name="blocklist",
            name="stopped_list_published_only_by_two",
        ),
        migrations.AddField(
            model_name="blocklist",
            name="build_mac",
            field=models.BinaryField(null=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="blocklist",
            trigger=pgtrigger.compiler.Trigger(
                name="rejected_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.\"state\" = 'rejected' AND NOT (NEW.\"state\" = 'rejected'))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="b46b0f977bf6c384aa232343be0b4dca1ac242be",
                    operation="UPDATE",
                    pgid="pgtrigger_rejected_is_final_7f01e",
                    table="blocklists_blocklist",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="blocklist",
            trigger=pgtrigger.compiler.Trigger(
                name="contents_are_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.digest <> '' AND (OLD.digest, OLD.manifest, OLD.count, OLD.sequence, OLD.previous_id, OLD.stop_reasons) IS DISTINCT FROM (NEW.digest, NEW.manifest, NEW.count, NEW.sequence, NEW.previous_id, NEW.stop_reasons))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="f1c93919a6be06fa891a9b33793449104634656d",
                    operation="UPDATE",
                    pgid="pgtrigger_contents_are_final_7abb9",
                    table="blocklists_blocklist",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="blocklist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["awaiting", "published"]), _negated=True),
                    ("stop_reasons", []),
                    models.Q(("resumed_by__isnull", False), ("second_resumed_by__isnull", False)),
                    _connector="OR",
                ),
                name="stopped_list_published_only_by_two",
            ),
        ),
        InstallSql("blocklists", "list_built", version=1),
        InstallSql("blocklists", "stop_lifted", version=1),
    ]
