from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("complaints", "0010_evidence_owner_checked"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="evidence",
            index=models.Index(
                condition=models.Q(("picture_hash", None), _negated=True),
                fields=["picture_hash"],
                name="evidence_alike",
            ),
        ),
    ]
