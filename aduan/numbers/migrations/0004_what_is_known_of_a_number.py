"""Since when its holder has had it, by its operator, and which protected number it resembles."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("numbers", "0003_never_deleted"),
        ("operators", "0005_register_version"),
    ]

    operations = [
        migrations.AddField(
            model_name="phonenumber",
            name="in_use_since",
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="phonenumber",
            name="resembles",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="numbers.protectednumber",
            ),
        ),
        migrations.AddIndex(
            model_name="phonenumber",
            index=models.Index(
                condition=models.Q(("resembles__isnull", False)),
                fields=["resembles"],
                name="number_lookalike",
            ),
        ),
    ]
