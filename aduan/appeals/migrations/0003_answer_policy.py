"""How soon objections are answered is data; an operator may confirm whose number it is."""

import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0002_objection_code_tries"),
    ]

    operations = [
        migrations.AlterField(
            model_name="objection",
            name="proof",
            field=models.CharField(
                blank=True,
                choices=[
                    ("code", "by a code to the number"),
                    ("operator", "confirmed by the operator"),
                    ("staff", "checked by the ministry"),
                ],
                max_length=8,
            ),
        ),
        migrations.CreateModel(
            name="AnswerPolicy",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="Days on which the rules are in force."
                    ),
                ),
                (
                    "strong_office_hours",
                    models.PositiveSmallIntegerField(
                        default=4,
                        help_text="For owners who proved, by a code or by their operator, whose number it is.",
                    ),
                ),
                ("working_days", models.PositiveSmallIntegerField(default=3, help_text="For everyone else.")),
                (
                    "opens_at",
                    models.TimeField(
                        default=datetime.time(8, 0), help_text="The office opens, Monday to Friday (Jakarta)."
                    ),
                ),
                ("closes_at", models.TimeField(default=datetime.time(16, 0))),
            ],
            options={
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("valid", "&&")], name="one_answer_policy_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closes_at__gt", models.F("opens_at")),
                            ("strong_office_hours__gte", 1),
                            ("working_days__gte", 1),
                        ),
                        name="answer_policy_has_hours",
                    ),
                ],
            },
        ),
    ]
