import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("operators", "0001_initial"),
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HolderOverride",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
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
        ),
        migrations.CreateModel(
            name="PhoneNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("canonical", models.CharField(max_length=80, unique=True)),
                ("kind", models.CharField(max_length=12)),
                ("digits", models.BigIntegerField(null=True, unique=True)),
                (
                    "routing",
                    models.CharField(
                        choices=[
                            ("range", "by number range"),
                            ("override", "decided by a person"),
                            ("unassigned", "prefix not assigned, a person must look"),
                            ("none", "no operator by nature"),
                        ],
                        max_length=12,
                    ),
                ),
                ("first_seen_at", models.DateTimeField()),
                ("in_use_since", models.DateField(blank=True, null=True)),
                (
                    "operator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.operator",
                    ),
                ),
            ],
            options={
                "verbose_name": "number",
                "verbose_name_plural": "numbers",
            },
        ),
        migrations.CreateModel(
            name="HolderOverrideEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("reason", models.TextField()),
                ("at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="operators.operator",
                    ),
                ),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="numbers.holderoverride",
                    ),
                ),
                (
                    "number",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="numbers.phonenumber",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="holderoverride",
            name="number",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="overrides",
                to="numbers.phonenumber",
            ),
        ),
        migrations.CreateModel(
            name="ProtectedNumber",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("pattern", models.CharField(max_length=40)),
                ("owner", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=30)),
                ("source", models.TextField()),
                ("confidence", models.CharField(max_length=30)),
                ("note", models.TextField(blank=True)),
                ("active", models.BooleanField(default=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("active", True)),
                        fields=("pattern",),
                        name="protected_pattern_once",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="phonenumber",
            name="resembles",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="numbers.protectednumber",
            ),
        ),
        migrations.CreateModel(
            name="ProtectedNumberEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("pattern", models.CharField(max_length=40)),
                ("owner", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=30)),
                ("source", models.TextField()),
                ("confidence", models.CharField(max_length=30)),
                ("note", models.TextField(blank=True)),
                ("active", models.BooleanField(default=True)),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="numbers.protectednumber",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RoutingTask",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("no_range", "No operator holds this prefix."),
                            ("block_unrouted", "A block is decided, but the operator is unknown."),
                            ("not_ours", "The operator says that the number is not its own."),
                        ],
                        max_length=20,
                    ),
                ),
                ("note", models.TextField(blank=True)),
                ("opened_at", models.DateTimeField()),
                ("resolved_at", models.DateTimeField(blank=True, null=True)),
                ("resolution", models.TextField(blank=True)),
                (
                    "number",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="routing_tasks",
                        to="numbers.phonenumber",
                    ),
                ),
                (
                    "raised_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.operator",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("resolved_at__isnull", True)),
                        fields=("number",),
                        name="one_open_routing_task",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["no_range", "block_unrouted", "not_ours"])),
                        name="routing_task_reason_known",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="holderoverride",
            constraint=models.UniqueConstraint(
                condition=models.Q(("ended_at__isnull", True)),
                fields=("number",),
                name="one_override_per_number",
            ),
        ),
        migrations.AddIndex(
            model_name="phonenumber",
            index=models.Index(
                condition=models.Q(("resembles__isnull", False)),
                fields=["resembles"],
                name="number_lookalike",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="protectednumber",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="c453ccf0ea5755482407be2cb3dae9dc37055fd4",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_77c17",
                    table="numbers_protectednumber",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="protectednumber",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "numbers_protectednumberevent" ("active", "confidence", "id", "kind", "note", "owner", "pattern", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (NEW."active", NEW."confidence", NEW."id", NEW."kind", NEW."note", NEW."owner", NEW."pattern", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source"); RETURN NULL;',
                    hash="3d37abf429620402f2a6066b6b3d97c0c77bcdd3",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_f2f32",
                    table="numbers_protectednumber",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="protectednumber",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "numbers_protectednumberevent" ("active", "confidence", "id", "kind", "note", "owner", "pattern", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (NEW."active", NEW."confidence", NEW."id", NEW."kind", NEW."note", NEW."owner", NEW."pattern", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source"); RETURN NULL;',
                    hash="9b8d67d6f2139bdc36dc1cb943d6586f41bcc0d2",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_75895",
                    table="numbers_protectednumber",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holderoverride",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="eca255dbb661d682763f1a6347a2d59d965544ef",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_e8b05",
                    table="numbers_holderoverride",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holderoverride",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "numbers_holderoverrideevent" ("at", "by_id", "ended_at", "id", "number_id", "operator_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."at", NEW."by_id", NEW."ended_at", NEW."id", NEW."number_id", NEW."operator_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason"); RETURN NULL;',
                    hash="5f976cd45ebaa53d14d52a142053a7fe5f5ee223",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_27206",
                    table="numbers_holderoverride",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="holderoverride",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "numbers_holderoverrideevent" ("at", "by_id", "ended_at", "id", "number_id", "operator_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."at", NEW."by_id", NEW."ended_at", NEW."id", NEW."number_id", NEW."operator_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason"); RETURN NULL;',
                    hash="29c2b23d5f639f02ab8208935a35fd184f2d4ecf",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_60cf5",
                    table="numbers_holderoverride",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="routingtask",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="01b624536567c01d85fae03a9638480f20d6d8fd",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_44f26",
                    table="numbers_routingtask",
                    when="BEFORE",
                ),
            ),
        ),
        InstallSql("numbers", "numbers_protection", version=1),
        InstallSql("numbers", "numbers_is_protected", version=1),
    ]
