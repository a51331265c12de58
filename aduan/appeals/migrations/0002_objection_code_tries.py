"""Tries of a code are counted for each objection apart, as a code belongs to the number."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("appeals", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="objection",
            name="code_tries",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddConstraint(
            model_name="objection",
            constraint=models.CheckConstraint(
                condition=models.Q(code_tries__lte=5), name="five_tries_of_a_code"
            ),
        ),
    ]
