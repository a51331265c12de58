"""What the page of a case shows is read from indexes of the case: its newest complaints, its gallery."""

import django.db.models.deletion
from django.db import migrations, models

SAME_CASE_AS_COMPLAINT = """
    UPDATE complaints_evidence e SET case_id = c.case_id FROM complaints_complaint c WHERE c.id = e.complaint_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_cases_share_bands"),
        ("complaints", "0003_contact_access"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="complaint",
            index=models.Index(fields=["case", "id"], name="complaint_in_case"),
        ),
        migrations.RemoveIndex(model_name="complaint", name="complaint_of_case"),
        migrations.AddField(
            model_name="evidence",
            name="case",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.case",
            ),
        ),
        migrations.RunSQL(SAME_CASE_AS_COMPLAINT, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="evidence",
            name="case",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="cases.case",
            ),
        ),
        migrations.AddIndex(
            model_name="evidence",
            index=models.Index(fields=["case", "state", "-id"], name="evidence_of_case"),
        ),
    ]
