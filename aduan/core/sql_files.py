"""Functions and triggers of the database, each version in a file: `aduan/<app>/sql/<name>.<version>.sql`.

A file holds the whole text (CREATE OR REPLACE FUNCTION and the triggers that call it), so that two versions
can be compared line by line. A migration installs a version; a released version is never edited.
"""

from __future__ import annotations

import re
from pathlib import Path

from django.apps import apps  # noqa: TID251  # for the folder of a package, not its models
from django.db.migrations import RunSQL

_FUNCTION = re.compile(r"^CREATE OR REPLACE FUNCTION (\w+)\(", re.MULTILINE)
_TRIGGER = re.compile(r"^CREATE (?:OR REPLACE|CONSTRAINT) TRIGGER (\w+)\s[^;]*?\sON (\w+)", re.MULTILINE)


def sql_file(app_label: str, name: str, version: int) -> Path:
    """Path of one version."""
    return Path(apps.get_app_config(app_label).path, "sql", f"{name}.{version}.sql")


class InstallSql(RunSQL):
    """Migration operation: install one version of a function or trigger.

    Backwards it installs the version before, or drops what version 1 created. A version that ends a rule
    holds `DROP … IF EXISTS` statements.
    """

    def __init__(self, app_label: str, name: str, *, version: int) -> None:
        self.app_label, self.name, self.version = app_label, name, version
        before = sql_file(app_label, name, max(version - 1, 1)).read_text(encoding="utf-8")
        super().__init__(
            sql_file(app_label, name, version).read_text(encoding="utf-8"),
            before if version > 1 else _drop_statements(before),
        )

    def describe(self) -> str:
        return f"Install version {self.version} of {self.name}"


def _drop_statements(text: str) -> str:
    """SQL that drops what the text of a file creates, triggers before the functions they call."""
    triggers = [f"DROP TRIGGER {name} ON {table};" for name, table in _TRIGGER.findall(text)]
    functions = [f"DROP FUNCTION {name};" for name in reversed(_FUNCTION.findall(text))]
    return "\n".join(triggers + functions)
