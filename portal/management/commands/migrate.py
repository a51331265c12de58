"""manage.py migrate, as Django's.

Afterwards the triggers are closed against being switched off in a session, and the database gets the keys by
which it recognises the evidence of a step-up.
"""

from __future__ import annotations

import os
from typing import Any

from django.core.management.commands.migrate import Command as Migrate
from django.db import connection

from aduan.accounts.models import StepUpKey
from aduan.accounts.services import install_step_up_keys
from aduan.core import db_grants


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        super().handle(*args, **options)
        if options.get("check_unapplied") or options.get("plan"):
            return
        db_grants.disable_pgtrigger_ignore()
        if StepUpKey._meta.db_table in connection.introspection.table_names():  # not when migrating back
            install_step_up_keys()
        role = os.environ.get("ADUAN_DB_APP_ROLE", "")
        if role:
            db_grants.grant_app_role(role)
