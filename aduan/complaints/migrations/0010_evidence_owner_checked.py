"""Old rows have one owner too; and the files of an objection are found. Reads without keeping writers out."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("complaints", "0009_evidence_of_objections")]

    operations = [
        ValidateConstraint("evidence", "evidence_has_one_owner"),
        AddIndexConcurrently(
            "evidence",
            models.Index(
                fields=["objection"],
                name="evidence_of_objection",
                condition=models.Q(objection__isnull=False),
            ),
        ),
    ]
