import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("blocklists", "0005_refused_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ListRules",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cooling_off_hours",
                    models.PositiveSmallIntegerField(verbose_name="cooling-off time in hours"),
                ),
                ("additions_floor", models.PositiveIntegerField(verbose_name="additions that always pass")),
                (
                    "additions_factor",
                    models.PositiveSmallIntegerField(verbose_name="additions, times the usual"),
                ),
                (
                    "additions_ceiling",
                    models.PositiveIntegerField(verbose_name="most additions that can pass"),
                ),
                ("removals_floor", models.PositiveIntegerField(verbose_name="removals that always pass")),
                (
                    "removals_percent",
                    models.PositiveSmallIntegerField(verbose_name="removals, per cent of the list"),
                ),
                (
                    "prefix_block_limit",
                    models.PositiveIntegerField(verbose_name="additions in one block of 10,000 numbers"),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("proposed_at", models.DateTimeField()),
                ("agreed_at", models.DateTimeField(null=True)),
                (
                    "agreed_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "rules of publication",
                "verbose_name_plural": "rules of publication",
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("agreed_by", models.F("proposed_by")), _negated=True),
                        name="two_people_set_rules",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("agreed_at__isnull", True), ("agreed_by__isnull", True)),
                            models.Q(("agreed_at__isnull", False), ("agreed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="rules_agreed_by_somebody_at_some_time",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("cooling_off_hours__gte", 0), ("cooling_off_hours__lte", 72)),
                        name="rules_cooling_off_hours_within_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("additions_floor__gte", 0), ("additions_floor__lte", 5000)),
                        name="rules_additions_floor_within_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("additions_factor__gte", 1), ("additions_factor__lte", 10)),
                        name="rules_additions_factor_within_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("additions_ceiling__gte", 1), ("additions_ceiling__lte", 100000)),
                        name="rules_additions_ceiling_within_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("removals_floor__gte", 0), ("removals_floor__lte", 1000)),
                        name="rules_removals_floor_within_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("removals_percent__gte", 0), ("removals_percent__lte", 25)),
                        name="rules_removals_percent_within_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("prefix_block_limit__gte", 1), ("prefix_block_limit__lte", 1000)),
                        name="rules_prefix_block_limit_within_reason",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listrules",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="419cf6fd6648e87ef7b923f4b9bea5fe7ff787c9",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_7ed71",
                    table="blocklists_listrules",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listrules",
            trigger=pgtrigger.compiler.Trigger(
                name="agreed_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."agreed_at" IS NOT NULL)',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="399d57e15e43f2f038c415d51045a742e712eac5",
                    operation="UPDATE",
                    pgid="pgtrigger_agreed_is_final_f3bbb",
                    table="blocklists_listrules",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="listrules",
            trigger=pgtrigger.compiler.Trigger(
                name="proposed_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."additions_ceiling" IS DISTINCT FROM (NEW."additions_ceiling") OR OLD."additions_factor" IS DISTINCT FROM (NEW."additions_factor") OR OLD."additions_floor" IS DISTINCT FROM (NEW."additions_floor") OR OLD."cooling_off_hours" IS DISTINCT FROM (NEW."cooling_off_hours") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."prefix_block_limit" IS DISTINCT FROM (NEW."prefix_block_limit") OR OLD."proposed_at" IS DISTINCT FROM (NEW."proposed_at") OR OLD."proposed_by_id" IS DISTINCT FROM (NEW."proposed_by_id") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."removals_floor" IS DISTINCT FROM (NEW."removals_floor") OR OLD."removals_percent" IS DISTINCT FROM (NEW."removals_percent"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="89bb5ceb39f6be1731c6de0ea9a2c5376f92c90b",
                    operation="UPDATE",
                    pgid="pgtrigger_proposed_is_final_cadb2",
                    table="blocklists_listrules",
                    when="BEFORE",
                ),
            ),
        ),
    ]
