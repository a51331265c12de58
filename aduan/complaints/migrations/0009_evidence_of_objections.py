"""A file belongs to a complaint or to an objection. Checked for old rows in the next migration."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("complaints", "0008_complaint_moved")]

    operations = [
        migrations.AddField("evidence", "objection", models.UUIDField(null=True)),
        migrations.AlterField(
            "evidence",
            "complaint",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="evidence",
                to="complaints.complaint",
            ),
        ),
        AddConstraintNotValid(
            "evidence",
            models.CheckConstraint(
                name="evidence_has_one_owner",
                condition=Q(complaint__isnull=False, objection=None)
                | Q(complaint=None, objection__isnull=False),
            ),
        ),
    ]
