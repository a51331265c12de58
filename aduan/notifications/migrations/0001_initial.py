from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Unsubscribe",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("topic", models.CharField(max_length=60, unique=True)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="OutboxMessage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=120, unique=True)),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                (
                    "channel",
                    models.CharField(
                        choices=[("email", "e-mail"), ("sms", "SMS")],
                        default="email",
                        max_length=5,
                        verbose_name="channel",
                    ),
                ),
                ("topic", models.CharField(blank=True, max_length=60)),
                ("payload_encrypted", models.BinaryField()),
                ("language", models.CharField(default="id", max_length=2)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "waiting"),
                            ("sending", "being sent"),
                            ("sent", "sent"),
                            ("unsubscribed", "not wanted any more"),
                            ("expired", "too late to be of use"),
                            ("unsure", "the sender died; perhaps sent"),
                            ("dead", "given up"),
                        ],
                        default="waiting",
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="attempts")),
                ("next_try_at", models.DateTimeField(verbose_name="next try")),
                ("expires_at", models.DateTimeField(null=True)),
                ("created_at", models.DateTimeField(verbose_name="created")),
                ("claimed_at", models.DateTimeField(null=True)),
                ("sent_at", models.DateTimeField(null=True, verbose_name="sent")),
                ("last_error", models.CharField(blank=True, max_length=200, verbose_name="last error")),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "waiting")),
                        fields=["next_try_at"],
                        name="outbox_waiting",
                    ),
                    models.Index(
                        condition=models.Q(("state", "sending")), fields=["claimed_at"], name="outbox_sending"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="VerificationCode",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "purpose",
                    models.CharField(
                        choices=[
                            ("contact", "confirm a contact"),
                            ("possession", "prove possession of a number"),
                        ],
                        max_length=10,
                    ),
                ),
                ("channel", models.CharField(choices=[("email", "e-mail"), ("sms", "SMS")], max_length=5)),
                ("subject", models.CharField(max_length=60)),
                ("digest", models.BinaryField(max_length=32)),
                ("recipient_index", models.BinaryField(max_length=32)),
                ("address_index", models.BinaryField(max_length=32)),
                ("sent_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField()),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("used_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject", "-id"], name="code_of_subject"),
                    models.Index(fields=["recipient_index", "sent_at"], name="code_to_recipient"),
                    models.Index(fields=["address_index", "sent_at"], name="code_from_address"),
                    models.Index(fields=["purpose", "channel", "sent_at"], name="code_by_day"),
                ],
            },
        ),
    ]
