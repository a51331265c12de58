"""A protection begins and ends by the application, with its code over what the row says; its history is as it was."""

from typing import ClassVar

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("numbers", "0002_protection_quicker")]

    operations: ClassVar = [
        pgtrigger.migrations.RemoveTrigger(model_name="protectednumber", name="update_update"),
        migrations.AddField("protectednumber", "mac", models.BinaryField(editable=False, null=True)),
        pgtrigger.migrations.AddTrigger(
            model_name="protectednumber",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."active" IS DISTINCT FROM (NEW."active") OR OLD."confidence" IS DISTINCT FROM (NEW."confidence") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."owner" IS DISTINCT FROM (NEW."owner") OR OLD."pattern" IS DISTINCT FROM (NEW."pattern") OR OLD."source" IS DISTINCT FROM (NEW."source"))',
                    func='INSERT INTO "numbers_protectednumberevent" ("active", "confidence", "id", "kind", "note", "owner", "pattern", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (NEW."active", NEW."confidence", NEW."id", NEW."kind", NEW."note", NEW."owner", NEW."pattern", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source"); RETURN NULL;',
                    hash="bb34f6c6718bdb6e0bf7efabef5b9df15abc781d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_75895",
                    table="numbers_protectednumber",
                    when="AFTER",
                ),
            ),
        ),
    ]
