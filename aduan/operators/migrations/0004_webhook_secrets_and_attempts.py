"""Two secrets with overlap, a pause by hand, and what an endpoint answered last."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

WALL = """
ALTER TABLE operators_webhookattempt ENABLE ROW LEVEL SECURITY;
ALTER TABLE operators_webhookattempt FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON operators_webhookattempt USING (
    EXISTS (SELECT 1 FROM operators_webhookendpoint e WHERE e.id = endpoint_id AND aduan_sees(e.operator_id))
);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("operators", "0003_webhook_breaker"),
    ]

    operations = [
        migrations.AddField(
            model_name="webhookendpoint",
            name="old_secret_sealed",
            field=models.BinaryField(null=True),
        ),
        migrations.AddField(
            model_name="webhookendpoint",
            name="old_secret_until",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="webhookendpoint",
            name="stopped_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name="webhookdelivery",
            name="event",
            field=models.CharField(
                choices=[
                    ("list.published", "a list was published"),
                    ("number.released", "a block was released"),
                    ("webhook.test", "a test"),
                ],
                max_length=30,
            ),
        ),
        migrations.AlterField(
            model_name="webhookendpoint",
            name="events",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(
                    choices=[
                        ("list.published", "a list was published"),
                        ("number.released", "a block was released"),
                        ("webhook.test", "a test"),
                    ],
                    max_length=30,
                ),
                default=list,
                size=None,
            ),
        ),
        migrations.CreateModel(
            name="WebhookAttempt",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField()),
                ("milliseconds", models.PositiveIntegerField()),
                ("status", models.PositiveSmallIntegerField(null=True)),
                ("problem", models.CharField(blank=True, max_length=60)),
                (
                    "delivery",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="operators.webhookdelivery",
                    ),
                ),
                (
                    "endpoint",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attempts",
                        to="operators.webhookendpoint",
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.RunSQL(WALL, "DROP POLICY own_rows ON operators_webhookattempt"),
    ]
