"""One operator may be the sandbox, whose numbers no one has."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("operators", "0004_webhook_secrets_and_attempts"),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="operator",
            name="insert_insert",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="operator",
            name="update_update",
        ),
        migrations.AddField(
            model_name="operator",
            name="is_sandbox",
            field=models.BooleanField(db_default=False, default=False, verbose_name="sandbox"),
        ),
        migrations.AddField(
            model_name="operatorevent",
            name="is_sandbox",
            field=models.BooleanField(db_default=False, default=False, verbose_name="sandbox"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="operator",
            trigger=pgtrigger.compiler.Trigger(
                name="insert_insert",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "operators_operatorevent" ("active", "code", "contact_email", "contact_phone", "id", "is_sandbox", "kind", "legal_name", "legal_reference_id", "name", "obligation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (NEW."active", NEW."code", NEW."contact_email", NEW."contact_phone", NEW."id", NEW."is_sandbox", NEW."kind", NEW."legal_name", NEW."legal_reference_id", NEW."name", NEW."obligation", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."source"); RETURN NULL;',
                    hash="dccb76064e22ba525aae16b578f72114fa6469f5",
                    operation="INSERT",
                    pgid="pgtrigger_insert_insert_504a1",
                    table="operators_operator",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="operator",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "operators_operatorevent" ("active", "code", "contact_email", "contact_phone", "id", "is_sandbox", "kind", "legal_name", "legal_reference_id", "name", "obligation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (NEW."active", NEW."code", NEW."contact_email", NEW."contact_phone", NEW."id", NEW."is_sandbox", NEW."kind", NEW."legal_name", NEW."legal_reference_id", NEW."name", NEW."obligation", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."source"); RETURN NULL;',
                    hash="1bcebf1fa8764c25f1c831ddb5335927af7d69b7",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a7fb6",
                    table="operators_operator",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="operator",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_sandbox", True)), fields=("is_sandbox",), name="one_sandbox"
            ),
        ),
    ]
