"""An endpoint is tried once at a time, and rests after failures in a row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("operators", "0002_row_security"),
    ]

    operations = [
        migrations.AddField(
            model_name="webhookendpoint",
            name="busy_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="webhookendpoint",
            name="failures",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="webhookendpoint",
            name="paused_until",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
