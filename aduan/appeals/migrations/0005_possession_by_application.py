"""Proof of possession is written by the application; the operator's word, for a lift, is seen by two."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models
from django.db.models import F, Q

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0004_objection_of_its_number"),
        ("accounts", "0009_made_by_application"),
        ("core", "0004_version_before_may_run"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField("objection", "proof_mac", models.BinaryField(editable=False, null=True)),
        migrations.AddField(
            "objection",
            "seconded_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        AddConstraintNotValid(
            "objection",
            models.CheckConstraint(
                condition=Q(seconded_by__isnull=True)
                | Q(proven_by__isnull=False) & ~Q(seconded_by=F("proven_by")),
                name="seconded_by_another",
            ),
        ),
        InstallSql("appeals", "possession_by_application", version=1),
    ]
