import django.contrib.postgres.fields
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "staff_number",
                    models.CharField(
                        help_text="One per person, never one per log-in.",
                        max_length=30,
                        unique=True,
                        verbose_name="staff number",
                    ),
                ),
                (
                    "phone",
                    models.CharField(
                        blank=True,
                        help_text="Kept so that nobody works on a case in which this number complained or was reported.",
                        max_length=16,
                        verbose_name="own mobile number",
                    ),
                ),
                (
                    "roles",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("reviewer", "Reviewer"),
                                ("approver", "Approver"),
                                ("list_manager", "List manager"),
                                ("lead", "Lead"),
                                ("auditor", "Auditor"),
                                ("operator_person", "Operator's staff"),
                                ("administrator", "Administrator"),
                            ],
                            max_length=20,
                        ),
                        default=list,
                        size=None,
                        verbose_name="roles",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("created_at", models.DateTimeField(auto_now_add=True, verbose_name="created")),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                        name="email_is_lower_case",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("phone", ""), ("phone__regex", "^\\+[1-9][0-9]{6,14}$"), _connector="OR"
                        ),
                        name="phone_is_e164",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("phone", ""), _negated=True),
                        fields=("phone",),
                        name="one_log_in_a_phone",
                    ),
                ],
            },
        ),
    ]
