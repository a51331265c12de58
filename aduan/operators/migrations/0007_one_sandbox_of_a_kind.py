"""Operators and platforms have a sandbox each."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("operators", "0006_first_person_by_two"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="operator",
            name="one_sandbox",
        ),
        migrations.AddConstraint(
            model_name="operator",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_sandbox", True)), fields=("kind",), name="one_sandbox_of_a_kind"
            ),
        ),
    ]
