"""The default connection as the role that migrates (ADUAN_MIGRATE_DATABASE_URL)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import unquote

from django.conf import settings
from django.db import connection

_LOG_IN: Final = ("USER", "PASSWORD", "HOST", "PORT")


@contextmanager
def connected() -> Iterator[None]:
    """Until the end of the block: the same database, the log-in of the migrator.

    Nothing changes inside a transaction, which keeps its log-in, nor where one role does both.
    """
    theirs = {name: settings.MIGRATE_DATABASE[name] for name in _LOG_IN}
    theirs["HOST"] = unquote(theirs["HOST"])
    usual = connection.settings_dict
    if connection.in_atomic_block or theirs["USER"] == usual["USER"]:
        yield
        return
    connection.close()
    connection.settings_dict = {**usual, **theirs}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = usual
