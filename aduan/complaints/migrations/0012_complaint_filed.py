"""The complaints of a day or month are read by their time: one day more would read all of ten million."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("complaints", "0011_same_picture")]

    operations = [
        AddIndexConcurrently("complaint", models.Index(fields=["filed_at"], name="complaint_filed")),
    ]
