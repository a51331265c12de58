"""Complaints whose source complains about many numbers are marked: they do not count towards the rank."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0005_proposals_rely_on_evidence_of_their_case"),
    ]

    operations = [
        migrations.AddField(
            model_name="complaint",
            name="mass_reporter",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
