"""Reports of operators echo the head of the audit log that their list carries."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("blocklists", "0008_step_up_of_list_managers"),
    ]

    operations = [
        migrations.AddField(
            model_name="outcomereport",
            name="audit_head",
            field=models.CharField(blank=True, db_default="", default="", max_length=90),
        ),
    ]
