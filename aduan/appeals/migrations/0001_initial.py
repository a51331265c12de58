import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0001_initial"),
        ("numbers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("unproven", "waiting for proof that the number is theirs"),
                            ("open", "waiting for an answer"),
                            ("upheld", "accepted: the block ended"),
                            ("rejected", "not accepted: the block stays"),
                            ("lapsed", "never proven"),
                        ],
                        default="unproven",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("statement", models.TextField(blank=True, verbose_name="what the holder says")),
                ("holder_since", models.DateField(null=True, verbose_name="theirs since")),
                ("email_encrypted", models.BinaryField(null=True)),
                ("language", models.CharField(default="id", max_length=2)),
                ("filed_at", models.DateTimeField(verbose_name="received")),
                (
                    "proof",
                    models.CharField(
                        blank=True,
                        choices=[("code", "by a code to the number"), ("staff", "checked by the ministry")],
                        max_length=5,
                    ),
                ),
                ("proven_at", models.DateTimeField(null=True)),
                ("proof_note", models.TextField(blank=True)),
                ("due_at", models.DateTimeField(null=True, verbose_name="due")),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"
                    ),
                ),
                (
                    "number",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="numbers.phonenumber",
                    ),
                ),
                (
                    "proven_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "objection",
                "verbose_name_plural": "objections",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "open")), fields=["due_at", "id"], name="objection_due"
                    ),
                    models.Index(
                        condition=models.Q(("state", "unproven")),
                        fields=["filed_at"],
                        name="objection_unproven",
                    ),
                    models.Index(
                        condition=models.Q(("statement", ""), _negated=True),
                        fields=["answered_at"],
                        name="objection_kept",
                    ),
                    models.Index(fields=["case", "-id"], name="objection_of_case"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("case",),
                        name="one_open_objection_per_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["unproven", "lapsed"]),
                            models.Q(("due_at__isnull", False), ("proven_at__isnull", False)),
                            _connector="OR",
                        ),
                        name="only_proven_objections_count",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["upheld", "rejected"]), _negated=True),
                            models.Q(("answered_at__isnull", False), ("answered_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="answered_by_a_person",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="objection",
            trigger=pgtrigger.compiler.Trigger(
                name="never_deleted",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="e2cb033585b8f13cb3e9eb03e3a102343cabbd4d",
                    operation="DELETE",
                    pgid="pgtrigger_never_deleted_757d9",
                    table="appeals_objection",
                    when="BEFORE",
                ),
            ),
        ),
    ]
