"""Passwords carry the code of the application that wrote them; those of now are taken as they are, once."""

from typing import ClassVar

from django.db import migrations, models
from django.db.migrations.state import StateApps

from aduan.accounts.step_up import application_mac


def take_over(apps: StateApps, _editor: object) -> None:
    user = apps.get_model("accounts", "User")
    for one in user.objects.only("pk", "password").iterator():
        user.objects.filter(pk=one.pk).update(password_mac=application_mac("password", one.pk, one.password))


class Migration(migrations.Migration):
    dependencies: ClassVar = [("accounts", "0011_account_policy_recorded")]

    operations: ClassVar = [
        migrations.AddField("user", "password_mac", models.BinaryField(editable=False, null=True)),
        migrations.RunPython(take_over, migrations.RunPython.noop),
    ]
