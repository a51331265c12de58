"""manage.py migrate, as Django's, by the role that owns the tables.

Afterwards the triggers are closed against being switched off or deceived in a session, the database gets the
keys by which it recognises the evidence of a step-up, and each of its roles is granted what it needs.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.commands.migrate import Command as Migrate
from django.db import connection

from aduan.accounts.models import StepUpKey
from aduan.accounts.services import install_step_up_keys
from aduan.core import db_grants
from portal.management import migrator
from portal.management.table_grants import FUNCTIONS, TABLES

APP = "aduan_app"  # as deploy/make_roles.py names it; the database's administrator may have chosen another


class Command(Migrate):
    def handle(self, *args: Any, **options: Any) -> None:
        with migrator.connected():
            super().handle(*args, **options)
            if options.get("check_unapplied") or options.get("plan"):
                return
            db_grants.disable_pgtrigger_ignore()
            db_grants.pin_search_paths()
            if StepUpKey._meta.db_table in connection.introspection.table_names():  # not when migrating back
                install_step_up_keys()
            db_grants.grant({APP, str(settings.DATABASES["default"]["USER"])}, TABLES, FUNCTIONS)
