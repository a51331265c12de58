"""Downloads and outcomes are kept for ten years; then a function of the tables' owner may delete them."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [
        ("blocklists", "0004_list_partition"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="download",
            name="never_deleted",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="outcome",
            name="never_deleted",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="outcomereport",
            name="append_only",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="rejectedoutcomereport",
            name="append_only",
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="download",
            trigger=pgtrigger.compiler.Trigger(
                name="kept_ten_years",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.at > clock_timestamp() - interval '10 years')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="9fbeead387c8516ce26c6cbf2ce92635fc5e2209",
                    operation="DELETE",
                    pgid="pgtrigger_kept_ten_years_42761",
                    table="blocklists_download",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="outcome",
            trigger=pgtrigger.compiler.Trigger(
                name="kept_ten_years",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.reported_at > clock_timestamp() - interval '10 years')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="37546e8f977fd5d635d9394b46ea5f58383382f4",
                    operation="DELETE",
                    pgid="pgtrigger_kept_ten_years_1a5d0",
                    table="blocklists_outcome",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="outcomereport",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="b8cac1960e40fbb619fcbeda60b9050f6470d92e",
                    operation="UPDATE",
                    pgid="pgtrigger_never_changed_1adb5",
                    table="blocklists_outcomereport",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="outcomereport",
            trigger=pgtrigger.compiler.Trigger(
                name="kept_ten_years",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.at > clock_timestamp() - interval '10 years')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="8c88d2d1bdb572a49220cccb4c3f0f6792d0273f",
                    operation="DELETE",
                    pgid="pgtrigger_kept_ten_years_433fe",
                    table="blocklists_outcomereport",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rejectedoutcomereport",
            trigger=pgtrigger.compiler.Trigger(
                name="never_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="a44633b472db5ebe7f5e7cd2aa93e126c0eefd85",
                    operation="UPDATE",
                    pgid="pgtrigger_never_changed_70355",
                    table="blocklists_rejectedoutcomereport",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rejectedoutcomereport",
            trigger=pgtrigger.compiler.Trigger(
                name="kept_ten_years",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.at > clock_timestamp() - interval '10 years')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="e27166610b639562734af7f42ddc467deb4a6cc8",
                    operation="DELETE",
                    pgid="pgtrigger_kept_ten_years_6082c",
                    table="blocklists_rejectedoutcomereport",
                    when="BEFORE",
                ),
            ),
        ),
        InstallSql("blocklists", "delete_old_proofs", version=1),
    ]
