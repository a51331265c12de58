import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("cases", "0001_initial"),
        ("numbers", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RetentionPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "data_class",
                    models.CharField(
                        choices=[
                            ("original", "originals of evidence"),
                            ("evidence", "clean evidence"),
                            ("contact", "contact data"),
                            ("narrative", "what people wrote"),
                        ],
                        max_length=10,
                        unique=True,
                    ),
                ),
                ("days", models.PositiveIntegerField()),
                ("basis", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="Complaint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("ticket", models.CharField(max_length=10, unique=True, verbose_name="ticket")),
                ("secret_digest", models.BinaryField(max_length=32)),
                ("idempotency_key", models.UUIDField(unique=True)),
                ("body_digest", models.BinaryField(max_length=32)),
                ("number_raw", models.CharField(max_length=200)),
                (
                    "disposition",
                    models.CharField(
                        choices=[
                            ("review", "reviewed by two people"),
                            ("referral", "reviewed and referred"),
                            ("spoofing", "recorded as suspected spoofing"),
                            ("record", "recorded only"),
                        ],
                        max_length=8,
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("sms", "SMS"),
                            ("call", "Phone call"),
                            ("whatsapp", "WhatsApp"),
                            ("telegram", "Telegram"),
                            ("other", "Something else"),
                        ],
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("category", models.CharField(max_length=20, verbose_name="category")),
                ("occurred_at", models.DateTimeField(blank=True, null=True, verbose_name="when")),
                ("narrative", models.TextField(blank=True, max_length=4000, verbose_name="what happened")),
                ("loss", models.BigIntegerField(blank=True, null=True, verbose_name="loss in rupiah")),
                ("link", models.CharField(blank=True, max_length=500, verbose_name="link")),
                ("bank_account", models.CharField(blank=True, max_length=80, verbose_name="bank account")),
                ("language", models.CharField(default="id", max_length=2)),
                ("filed_at", models.DateTimeField(verbose_name="received")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="withdrawn")),
                ("still_active_at", models.DateTimeField(blank=True, null=True)),
                ("erased_at", models.DateTimeField(blank=True, null=True)),
                (
                    "legal_hold_reason",
                    models.CharField(
                        blank=True, help_text="A court or an inquiry needs it: not purged.", max_length=200
                    ),
                ),
                ("subject_key", models.BinaryField(null=True)),
                ("email_encrypted", models.BinaryField(null=True)),
                ("phone_encrypted", models.BinaryField(null=True)),
                ("email_index", models.BinaryField(max_length=32, null=True)),
                ("phone_index", models.BinaryField(max_length=32, null=True)),
                ("email_confirmed_at", models.DateTimeField(blank=True, null=True)),
                ("phone_confirmed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "text_bands",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), null=True, size=None
                    ),
                ),
                (
                    "duplicate_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("contact", "same contact"),
                            ("device", "same device"),
                            ("network", "same network on the same day"),
                            ("evidence", "same file"),
                            ("text", "same text"),
                            ("picture", "same picture"),
                        ],
                        max_length=8,
                    ),
                ),
                ("mass_reporter", models.BooleanField(db_default=False, default=False)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "duplicate_of",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duplicates",
                        to="complaints.complaint",
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
            ],
            options={
                "verbose_name": "complaint",
                "verbose_name_plural": "complaints",
                "indexes": [
                    models.Index(fields=["case", "id"], name="complaint_in_case"),
                    models.Index(
                        condition=models.Q(("email_index__isnull", False)),
                        fields=["email_index"],
                        name="complaint_email",
                    ),
                    models.Index(
                        condition=models.Q(("phone_index__isnull", False)),
                        fields=["phone_index"],
                        name="complaint_phone",
                    ),
                    models.Index(
                        condition=models.Q(("duplicate_of__isnull", False)),
                        fields=["duplicate_of"],
                        name="complaint_duplicates",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("loss__isnull", True), ("loss__gte", 0), _connector="OR"),
                        name="loss_not_negative",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("subject_key__isnull", False),
                            models.Q(("email_encrypted__isnull", True), ("phone_encrypted__isnull", True)),
                            _connector="OR",
                        ),
                        name="no_contact_without_key",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ComplaintUpdate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=4000)),
                ("at", models.DateTimeField()),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="updates",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ContactAccess",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                ("at", models.DateTimeField()),
                ("reason_encrypted", models.BinaryField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_accesses",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["by", "at"], name="contact_access_by_user")],
            },
        ),
        migrations.CreateModel(
            name="Evidence",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uid", models.UUIDField(default=uuid.uuid4, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("quarantined", "being checked"),
                            ("clean", "ready"),
                            ("refused", "could not be used"),
                        ],
                        default="quarantined",
                        max_length=12,
                    ),
                ),
                (
                    "medium",
                    models.CharField(choices=[("image", "picture"), ("sound", "recording")], max_length=5),
                ),
                ("kind", models.CharField(max_length=5)),
                ("name", models.CharField(max_length=120)),
                ("size", models.PositiveIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("subject_key", models.BinaryField(null=True)),
                ("original", models.CharField(blank=True, max_length=200)),
                ("derivative", models.CharField(blank=True, max_length=200)),
                ("thumbnail", models.CharField(blank=True, max_length=200)),
                ("width", models.PositiveIntegerField(default=0)),
                ("height", models.PositiveIntegerField(default=0)),
                ("picture_hash", models.BigIntegerField(null=True)),
                ("picture_hash_mirrored", models.BigIntegerField(null=True)),
                (
                    "refusal",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("virus", "it contains malware"),
                            ("file_type", "this type of file is not accepted"),
                            ("not_a_picture", "it is not a picture"),
                            ("damaged_picture", "the picture is damaged"),
                            ("moving_picture", "it is a moving picture"),
                            ("too_many_pixels", "the picture is too large"),
                            ("not_a_recording", "it is not a recording"),
                            ("too_heavy", "it needs too much memory"),
                            ("too_slow", "it takes too long to read"),
                            ("unreadable", "it cannot be read"),
                            ("lost", "the file is no longer on disk"),
                        ],
                        max_length=20,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_try_at", models.DateTimeField()),
                ("received_at", models.DateTimeField()),
                ("examined_at", models.DateTimeField(blank=True, null=True)),
                ("shredded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "case",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="cases.case",
                    ),
                ),
                (
                    "complaint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="evidence",
                        to="complaints.complaint",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "quarantined")),
                        fields=["next_try_at"],
                        name="evidence_waiting",
                    ),
                    models.Index(fields=["sha256"], name="evidence_same_file"),
                    models.Index(fields=["case", "state", "-id"], name="evidence_of_case"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceFingerprint",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "kind",
                        "value",
                        "number_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "kind",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (1, "contact"),
                            (2, "device"),
                            (3, "network of one day"),
                            (4, "file"),
                            (5, "text"),
                        ]
                    ),
                ),
                ("value", models.BinaryField(max_length=16)),
                ("complaint_id", models.BigIntegerField()),
                (
                    "number",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="numbers.phonenumber",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["complaint_id"], name="fingerprint_of_complaint")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactaccess",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="65ed0eef23c1678f835fd692ac0911c8a45d9922",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_0ce37",
                    table="complaints_contactaccess",
                    when="BEFORE",
                ),
            ),
        ),
        InstallSql("complaints", "proposal_evidence_of_its_case", version=1),
    ]
