"""After a new master key: objectors' addresses under the current one."""

from __future__ import annotations

from django.db import transaction

from aduan.appeals.models import Objection
from aduan.core import vault


@transaction.atomic
def rewrap_addresses() -> int:
    """Encrypts every address that an older master key encrypted again. How many."""
    renewed = 0
    for objection in Objection.objects.select_for_update().exclude(email_encrypted=None).order_by("pk"):
        value = bytes(objection.email_encrypted or b"")
        if not vault.is_current(value):
            value = vault.reencrypt(value, aad=objection.aad_for("email_encrypted"))
            Objection.objects.filter(pk=objection.pk).update(email_encrypted=value)
            renewed += 1
    return renewed
