"""The cast. Everybody in the tests is one of these people, and states are reached through services.

Sari is a citizen; she needs no account. Budi and Citra review; Agus signs as a third person.
Lina manages lists. Dewi works for operator A (Telkomsel), Eko for operator B (Indosat): the outsider.
Raka owns a wrongly reported number. Rini keeps the register of operators and ranges.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.core.management.commands import flush as flush_command
from django.db.backends.postgresql.operations import DatabaseOperations
from django.dispatch import receiver
from django.test.signals import setting_changed
from django.utils import translation

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.accounts.services import install_step_up_keys
from aduan.blocklists.queries import forget_served
from aduan.complaints.evidence import storage
from aduan.numbers.services import load_reference as load_protected
from aduan.operators.models import Operator
from aduan.operators.services.reference import load_reference as load_ranges
from portal.common.kept_pages import kept_pages
from tests.chromium import browser_context_args, browser_type_launch_args
from tests.database import as_administrator, django_db_setup, servers
from tests.factories.accounts import person
from tests.factories.operators import a_range, operator, person_of
from tests.nginx import front
from tests.patience import pytest_collection_modifyitems
from tests.worker import celery_worker, worker_process

# Fixtures for everybody.
__all__ = [
    "browser_context_args",
    "browser_type_launch_args",
    "celery_worker",
    "django_db_setup",
    "front",
    "pytest_collection_modifyitems",
    "servers",
    "worker_process",
]

JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.fixture(autouse=True)
def indonesian() -> None:
    """Every test starts in the language of the country, whatever the request of another left behind."""
    translation.activate("id")


@pytest.fixture(autouse=True, scope="session")
def _evidence_store_is_marked() -> None:
    """As in an installation: a test may make rows of evidence without files before any file came in."""
    storage.write_marker()


@pytest.fixture(autouse=True, scope="session")
def _lists_leave_with_their_test() -> Iterator[None]:
    """A published list refuses to be emptied, also by the flush behind a transactional test; so drop it."""
    flush = DatabaseOperations.execute_sql_flush

    def drop_and_flush(self: DatabaseOperations, sql_list: list[str]) -> None:
        with as_administrator() as cursor:
            cursor.execute(
                "SELECT inhrelid::regclass::text FROM pg_inherits"
                " WHERE inhparent = 'blocklists_blocklistentry'::regclass"
            )
            for (partition,) in cursor.fetchall():
                cursor.execute(f"DROP TABLE {partition}")
            flush(self, sql_list)

    fill = flush_command.emit_post_migrate_signal  # type: ignore[attr-defined]  # the name it calls

    def fill_as_administrator(*arguments: Any, **options: Any) -> None:
        with as_administrator():  # content types, permissions, keys and periods, as `migrate` makes them
            fill(*arguments, **options)
            install_step_up_keys()
            import_module("aduan.complaints.migrations.0002_retention_policies").add_rules(apps, None)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", drop_and_flush)
        patch.setattr(flush_command, "emit_post_migrate_signal", fill_as_administrator)
        yield


@receiver(setting_changed)
def _pages_show_the_settings(**_change: Any) -> None:
    """In production settings change with the process, which begins without kept pages."""
    kept_pages.forget()


@pytest.fixture(autouse=True)
def _no_file_of_another_test() -> None:
    """The database of a test has other lists under the same names, and other rows behind the same pages."""
    forget_served()
    kept_pages.forget()


class Dice:
    """Falls as `value` says: the first by rank, unless a test says otherwise."""

    value = 0.99

    def random(self) -> float:
        return self.value


@pytest.fixture(autouse=True)
def dice(monkeypatch: pytest.MonkeyPatch) -> Dice:
    """Which case is given out next is drawn; nothing in a test is left to chance."""
    fallen = Dice()
    monkeypatch.setattr("aduan.cases.services.assignment.DICE", fallen)
    return fallen


@pytest.fixture
def now() -> dt.datetime:
    """A Wednesday morning at the ministry."""
    return dt.datetime(2026, 11, 18, 9, 0, tzinfo=JAKARTA)


@pytest.fixture
def budi(db: None) -> User:
    return person("budi@aduan.example", "Budi Santoso", Role.REVIEWER)


@pytest.fixture
def citra(db: None) -> User:
    return person("citra@aduan.example", "Citra Lestari", Role.REVIEWER)


@pytest.fixture
def agus(db: None) -> User:
    return person("agus@aduan.example", "Agus Wijaya", Role.APPROVER)


@pytest.fixture
def lina(db: None) -> User:
    return person("lina@aduan.example", "Lina Hartati", Role.LIST_MANAGER)


@pytest.fixture
def telkomsel(db: None) -> Operator:
    """Operator A: holds 0811-0813 here."""
    home = operator("telkomsel", "Telkomsel")
    for prefix in ("62811", "62812", "62813"):
        a_range(prefix, home)
    return home


@pytest.fixture
def indosat(db: None) -> Operator:
    """Operator B: holds 0815-0816 here."""
    home = operator("indosat", "Indosat Ooredoo Hutchison")
    for prefix in ("62815", "62816"):
        a_range(prefix, home)
    return home


@pytest.fixture
def dewi(telkomsel: Operator) -> User:
    return person_of(telkomsel, "dewi@telkomsel.example", "Dewi Anggraini")


@pytest.fixture
def eko(indosat: Operator) -> User:
    return person_of(indosat, "eko@indosat.example", "Eko Prasetyo")


@pytest.fixture
def rini(db: None) -> User:
    """Keeps the register of operators and number ranges."""
    return person("rini@aduan.example", "Rini Astuti", Role.ADMINISTRATOR)


@pytest.fixture
def register(db: None) -> None:
    """The shipped operators, ranges and protected numbers."""
    load_ranges()
    load_protected()


@pytest.fixture
def own_keys(tmp_path: Path, settings: Any) -> None:
    """Keys and published files of this test alone: it changes or moves them, which no other test may feel."""
    settings.KEYS_DIR, settings.PUBLISH_ROOT = tmp_path / "keys", tmp_path / "published"
