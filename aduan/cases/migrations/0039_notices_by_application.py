"""A word that a number has a new holder is believed by one person only where the application took it."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0038_draft_order"),
    ]

    operations = [
        migrations.AddField(
            model_name="recyclednotice",
            name="mac",
            field=models.BinaryField(editable=False, null=True, unique=True),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="recyclednotice",
            trigger=pgtrigger.compiler.Trigger(
                name="settled_once",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NOT (OLD.\"state\" = 'waiting'))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="d94043ecc451f35e2c939a7a0dc8359da76f9e7a",
                    operation="UPDATE",
                    pgid="pgtrigger_settled_once_cccf2",
                    table="cases_recyclednotice",
                    when="BEFORE",
                ),
            ),
        ),
    ]
