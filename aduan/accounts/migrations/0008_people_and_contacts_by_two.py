"""A person's own number, and an organisation's first person, take two administrators."""

from django.db import migrations, models

from aduan.core.sql_files import InstallSql

KINDS = [
    ("inbound", "filter for numbers from abroad"),
    ("canary_add", "canary number added"),
    ("canary_end", "canary number ended"),
    ("register", "number ranges changed"),
    ("holder", "operator of a number set by hand"),
    ("platform", "platform registered"),
    ("contact", "contact of a platform changed"),
    ("limits", "limits of deciding changed"),
    ("phone", "user's own number changed"),
    ("first_person", "first person of an organisation invited"),
]


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_approvals")]

    operations = [
        migrations.AlterField("approvalrequest", "kind", models.CharField(choices=KINDS, max_length=12)),
        InstallSql("accounts", "approval_request_two_people", version=2),
        InstallSql("accounts", "phone_two_people", version=1),
    ]
