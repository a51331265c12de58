import datetime
import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE operators_register_version_seq", "DROP SEQUENCE operators_register_version_seq"
        ),
        migrations.CreateModel(
            name="Brand",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=120, unique=True, verbose_name="brand")),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="LegalReference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("title_id", models.CharField(max_length=250)),
                ("title_en", models.CharField(max_length=250)),
                ("url", models.URLField(blank=True)),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("source", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="RegisterVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.BigIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="BrandEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=120, verbose_name="brand")),
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
                        to="operators.brand",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="NumberRange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("prefix", models.CharField(max_length=12, verbose_name="prefix")),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "active"), ("unassigned", "unassigned"), ("defunct", "defunct")],
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="valid")),
                ("source", models.TextField(verbose_name="source")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "brand",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ranges",
                        to="operators.brand",
                    ),
                ),
            ],
            options={
                "verbose_name": "number range",
                "verbose_name_plural": "number ranges",
                "ordering": ["prefix", "valid"],
            },
        ),
        migrations.CreateModel(
            name="Operator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("legal_name", models.CharField(max_length=200, verbose_name="legal entity")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mobile", "Mobile operator"),
                            ("fixed", "Fixed operator"),
                            ("satellite", "Satellite operator"),
                            ("ott", "OTT platform"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "obligation",
                    models.CharField(
                        choices=[
                            ("mandatory", "Obliged by regulation"),
                            ("voluntary", "Voluntary cooperation"),
                        ],
                        max_length=10,
                        verbose_name="obligation",
                    ),
                ),
                (
                    "contact_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="contact e-mail"),
                ),
                ("contact_phone", models.CharField(blank=True, max_length=40, verbose_name="contact phone")),
                ("active", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="active")),
                ("source", models.TextField(verbose_name="source")),
                (
                    "legal_reference",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="operators",
                        to="operators.legalreference",
                    ),
                ),
            ],
            options={
                "verbose_name": "operator",
                "verbose_name_plural": "operators",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="NumberRangeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("prefix", models.CharField(max_length=12, verbose_name="prefix")),
                (
                    "status",
                    models.CharField(
                        choices=[("active", "active"), ("unassigned", "unassigned"), ("defunct", "defunct")],
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("valid", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="valid")),
                ("source", models.TextField(verbose_name="source")),
                ("note", models.TextField(blank=True, verbose_name="note")),
                (
                    "brand",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="operators.brand",
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
                        to="operators.numberrange",
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="operators.operator",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddField(
            model_name="numberrange",
            name="operator",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="ranges",
                to="operators.operator",
            ),
        ),
        migrations.CreateModel(
            name="AccessKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80)),
                ("prefix", models.CharField(max_length=12, unique=True)),
                ("secret_hash", models.CharField(max_length=64)),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), default=list, size=None
                    ),
                ),
                (
                    "allowed_networks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=50), blank=True, default=list, size=None
                    ),
                ),
                ("created_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("rotated_at", models.DateTimeField(blank=True, null=True)),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                ("misused_at", models.DateTimeField(blank=True, null=True)),
                (
                    "misuse",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("in_url", "sent in an address"),
                            ("foreign_address", "used from an address that is not allowed"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "revoked_by",
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
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="access_keys",
                        to="operators.operator",
                    ),
                ),
            ],
            options={
                "ordering": ["name", "-created_at"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True), ("rotated_at__isnull", True)),
                        fields=("operator", "name"),
                        name="one_current_key_per_name",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("revoked_at__isnull", True), ("rotated_at__isnull", False)),
                        fields=("operator", "name"),
                        name="one_replaced_key_per_name",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("rotated_at__isnull", True),
                            (
                                "expires_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("rotated_at"), "+", models.Value(datetime.timedelta(days=7))
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="replaced_key_ends_in_a_week",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "expires_at__lte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("created_at"), "+", models.Value(datetime.timedelta(days=366))
                                ),
                            )
                        ),
                        name="key_lives_a_year_at_most",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OperatorEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("code", models.SlugField(db_index=False, max_length=40, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("legal_name", models.CharField(max_length=200, verbose_name="legal entity")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mobile", "Mobile operator"),
                            ("fixed", "Fixed operator"),
                            ("satellite", "Satellite operator"),
                            ("ott", "OTT platform"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "obligation",
                    models.CharField(
                        choices=[
                            ("mandatory", "Obliged by regulation"),
                            ("voluntary", "Voluntary cooperation"),
                        ],
                        max_length=10,
                        verbose_name="obligation",
                    ),
                ),
                (
                    "contact_email",
                    models.EmailField(blank=True, max_length=254, verbose_name="contact e-mail"),
                ),
                ("contact_phone", models.CharField(blank=True, max_length=40, verbose_name="contact phone")),
                ("active", django.contrib.postgres.fields.ranges.DateRangeField(verbose_name="active")),
                ("source", models.TextField(verbose_name="source")),
                (
                    "legal_reference",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="operators.legalreference",
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
                        to="operators.operator",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="OperatorMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("manages_keys", models.BooleanField(default=False)),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="operators.operator",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WebhookEndpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("url", models.CharField(max_length=500)),
                (
                    "events",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("list.published", "a list was published"),
                                ("number.released", "a block was released"),
                            ],
                            max_length=30,
                        ),
                        default=list,
                        size=None,
                    ),
                ),
                ("secret_sealed", models.BinaryField()),
                ("created_at", models.DateTimeField()),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "operator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="webhooks",
                        to="operators.operator",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_at__isnull", True)),
                        fields=("operator", "url"),
                        name="webhook_address_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WebhookDelivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "event",
                    models.CharField(
                        choices=[
                            ("list.published", "a list was published"),
                            ("number.released", "a block was released"),
                        ],
                        max_length=30,
                    ),
                ),
                ("key", models.CharField(max_length=120)),
                ("data", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("delivered", "delivered"),
                            ("given_up", "given up"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField()),
                ("happened_at", models.DateTimeField()),
                ("delivered_at", models.DateTimeField(blank=True, null=True)),
                ("last_status", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("last_error", models.CharField(blank=True, max_length=60)),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="deliveries",
                        to="operators.webhookendpoint",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")), fields=["next_try_at"], name="webhook_due"
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("endpoint", "key"), name="event_once_per_endpoint")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="numberrange",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(
                            django.db.models.functions.comparison.Cast("prefix", models.BigIntegerField()),
                            django.db.models.functions.comparison.Cast("prefix", models.BigIntegerField()),
                            models.Value("[]"),
                            function="int8range",
                        ),
                        "&&",
                    ),
                    (models.F("valid"), "&&"),
                ],
                name="one_holder_per_prefix_and_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="numberrange",
            constraint=models.CheckConstraint(
                condition=models.Q(("prefix__regex", "^[1-9][0-9]*$")), name="prefix_is_digits"
            ),
        ),
        migrations.AddConstraint(
            model_name="numberrange",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "active"), _negated=True),
                    ("operator__isnull", False),
                    _connector="OR",
                ),
                name="active_range_has_operator",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="operator",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="b5b26e36e6b4573ca1076ea6e2b80b67e14a325f",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_9f291",
                    table="operators_operator",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="operator",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "operators_operatorevent" ("active", "code", "contact_email", "contact_phone", "id", "kind", "legal_name", "legal_reference_id", "name", "obligation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (NEW."active", NEW."code", NEW."contact_email", NEW."contact_phone", NEW."id", NEW."kind", NEW."legal_name", NEW."legal_reference_id", NEW."name", NEW."obligation", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source"); RETURN NULL;',
                    hash="540dca692901c6cb8a17c600a5d7fba12d8c0036",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_504a1",
                    table="operators_operator",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="operator",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "operators_operatorevent" ("active", "code", "contact_email", "contact_phone", "id", "kind", "legal_name", "legal_reference_id", "name", "obligation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (NEW."active", NEW."code", NEW."contact_email", NEW."contact_phone", NEW."id", NEW."kind", NEW."legal_name", NEW."legal_reference_id", NEW."name", NEW."obligation", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source"); RETURN NULL;',
                    hash="3c6243071aad09289e0071133b0fab5cdeff631a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a7fb6",
                    table="operators_operator",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="brand",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="c80de721d43bc67be1cdc2946eeb6b5bbab16156",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_a27c4",
                    table="operators_brand",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="brand",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "operators_brandevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;',
                    hash="3ce0f4f0aa84a6ac97c7cd500d299013a7381fcf",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_a7879",
                    table="operators_brand",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="brand",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "operators_brandevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;',
                    hash="845717bf9ed4baf051fff37777dcd4c2173f5f36",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_fdeef",
                    table="operators_brand",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="numberrange",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="19f239cb37535a81763b06d5943a968912086f80",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_3412a",
                    table="operators_numberrange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="numberrange",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "operators_numberrangeevent" ("brand_id", "id", "note", "operator_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "source", "status", "valid") VALUES (NEW."brand_id", NEW."id", NEW."note", NEW."operator_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."prefix", NEW."source", NEW."status", NEW."valid"); RETURN NULL;',
                    hash="e41143b477ab04cdd3e0bfae9da89a80a32916bd",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_b0fb1",
                    table="operators_numberrange",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="numberrange",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "operators_numberrangeevent" ("brand_id", "id", "note", "operator_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prefix", "source", "status", "valid") VALUES (NEW."brand_id", NEW."id", NEW."note", NEW."operator_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."prefix", NEW."source", NEW."status", NEW."valid"); RETURN NULL;',
                    hash="ec96496fd5e7b61e75f93c35532c3725fcfa24a7",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f033a",
                    table="operators_numberrange",
                    when="AFTER",
                ),
            ),
        ),
        InstallSql("operators", "register_version", version=1),
    ]
