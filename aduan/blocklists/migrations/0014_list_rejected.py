"""A list is rejected with a step-up, not twice in a row by one person; evidence of a step-up serves one act."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from aduan.core.sql_files import InstallSql


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0008_people_and_contacts_by_two"),
        ("blocklists", "0013_referral_ids"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="blocklist",
            name="rejected_by",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="blocklist",
            name="rejected_step_up",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.stepupevidence",
            ),
        ),
        migrations.AlterField(
            model_name="canary",
            name="created_step_up",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.stepupevidence",
            ),
        ),
        migrations.AlterField(
            model_name="canary",
            name="ended_step_up",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.stepupevidence",
            ),
        ),
        migrations.AlterField(
            model_name="listrules",
            name="agreed_step_up",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.stepupevidence",
            ),
        ),
        migrations.AlterField(
            model_name="listrules",
            name="proposed_step_up",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.stepupevidence",
            ),
        ),
        migrations.AlterField(
            model_name="publicationstop",
            name="lifted_step_up",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="accounts.stepupevidence",
            ),
        ),
        InstallSql("blocklists", "list_rejected", version=1),
    ]
