"""Words only: an answer is about a hold as well as a block."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appeals", "0006_code_beside_letter")]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    "objection",
                    "state",
                    models.CharField(
                        choices=[
                            ("unproven", "waiting for proof that the number is theirs"),
                            ("open", "waiting for an answer"),
                            ("upheld", "accepted"),
                            ("rejected", "not accepted"),
                            ("lapsed", "never proven"),
                        ],
                        default="unproven",
                        max_length=10,
                        verbose_name="state",
                    ),
                )
            ]
        )
    ]
