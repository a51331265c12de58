import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditLogEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("seq", models.BigIntegerField(default=0, editable=False, unique=True)),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=80)),
                ("action", models.CharField(max_length=60)),
                ("subject", models.CharField(max_length=120)),
                ("detail", models.JSONField(default=dict)),
                ("prev", models.CharField(default="", editable=False, max_length=64)),
                ("hash", models.CharField(default="", editable=False, max_length=64)),
            ],
            options={
                "ordering": ["seq"],
                "indexes": [
                    models.Index(fields=["subject", "seq"], name="audit_log_subject"),
                    models.Index(fields=["actor", "seq"], name="audit_log_actor"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40)),
                ("key", models.CharField(max_length=200)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("running", "Running"),
                            ("done", "Done"),
                            ("failed", "Failed"),
                        ],
                        default="waiting",
                        max_length=10,
                    ),
                ),
                ("payload", models.JSONField(default=dict)),
                ("result", models.JSONField(default=dict)),
                ("fencing_token", models.BigIntegerField(default=0)),
                ("lease_until", models.DateTimeField(null=True)),
                ("run_after", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("last_error", models.TextField(blank=True)),
                ("created_at", models.DateTimeField()),
                ("finished_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["waiting", "running"])),
                        fields=["kind", "run_after", "id"],
                        name="job_open",
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("kind", "key"), name="job_once")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditlogentry",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="7a15b8f5b778078f7976ff8769302d5c0fe20acb",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_5255c",
                    table="core_auditlogentry",
                    when="BEFORE",
                ),
            ),
        ),
        InstallSql("core", "audit_log_chain", version=1),
    ]
