import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("statistics", "0002_folded_by_promise"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PublicWarning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("category", models.CharField(max_length=20, verbose_name="kind of fraud")),
                ("case_count", models.PositiveIntegerField()),
                ("text_id", models.TextField(max_length=600, verbose_name="text in Indonesian")),
                ("text_en", models.TextField(max_length=600, verbose_name="text in English")),
                ("written_at", models.DateTimeField()),
                ("released_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ended_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-released_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("released_by", models.F("written_by")), _negated=True),
                        name="warning_released_by_second",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("released_at", None), ("released_by", None)),
                            models.Q(("released_at__isnull", False), ("released_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="warning_released_by_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ended_by", None)),
                            models.Q(("ended_at__isnull", False), ("ended_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="warning_ended_by_a_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("case_count__gte", 10)), name="warning_of_ten_cases"
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publicwarning",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="c587ec82ed9cee8db9068871f4e9eff1854075ec",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_c2ed8",
                    table="statistics_publicwarning",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publicwarning",
            trigger=pgtrigger.compiler.Trigger(
                name="text_is_final",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."case_count" IS DISTINCT FROM (NEW."case_count") OR OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."text_en" IS DISTINCT FROM (NEW."text_en") OR OLD."text_id" IS DISTINCT FROM (NEW."text_id") OR OLD."written_at" IS DISTINCT FROM (NEW."written_at") OR OLD."written_by_id" IS DISTINCT FROM (NEW."written_by_id"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="4fd548453d63a63aee28b4106a2eb51fc987c204",
                    operation="UPDATE",
                    pgid="pgtrigger_text_is_final_e7c73",
                    table="statistics_publicwarning",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="publicwarning",
            trigger=pgtrigger.compiler.Trigger(
                name="released_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.ended_at IS NOT NULL OR OLD.released_at IS NOT NULL AND (OLD.released_at, OLD.released_by_id) IS DISTINCT FROM (NEW.released_at, NEW.released_by_id))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="6fe814d0da75cf365f839f7c8d90eafc27a6b6f1",
                    operation="UPDATE",
                    pgid="pgtrigger_released_once_521d2",
                    table="statistics_publicwarning",
                    when="BEFORE",
                ),
            ),
        ),
    ]
