"""A process with an unsafe setting does not start."""

import base64
import os
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from portal.common.checks import durability
from scripts.check import PRODUCTION

SETTINGS = Path(__file__).resolve().parents[2] / "aduan" / "settings.py"
KEY = base64.b64encode(b"another key of thirty-two bytes.").decode()


def start(changes: dict[str, str | None], *, mode: str = "production") -> dict[str, Any]:
    """The settings of a process whose good environment was changed so; None takes a name away."""
    environment: dict[str, str | None] = {**PRODUCTION, "ADUAN_MODE": mode, **changes}
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name not in ("PATH", "HOME", "TMPDIR")]:
            patch.delenv(name)
        for name, value in environment.items():
            if value is not None:
                patch.setenv(name, value)
        return runpy.run_path(str(SETTINGS))


def test_good_production_settings_start() -> None:
    found = start({})
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["DATABASES"]["default"]["HOST"] == "db.invalid"


BROKEN: list[tuple[dict[str, str | None], str]] = [
    ({"ADUAN_MODE": "prod"}, "ADUAN_MODE"),
    ({"DEBUG": "true"}, "DEBUG"),
    ({"SECRET_KEY": None}, "SECRET_KEY"),
    ({"SECRET_KEY": "short"}, "SECRET_KEY"),
    ({"SECRET_KEY": "django-insecure-" + "x" * 60}, "SECRET_KEY"),
    ({"SECRET_KEY": "please-change-me-" + "x" * 60}, "SECRET_KEY"),
    ({"SECRET_KEY": None, "SECRET_KEY_FILE": "/nowhere/secret"}, "SECRET_KEY_FILE"),
    ({"SECRET_KEY": KEY, "BLIND_INDEX_KEY": KEY}, "two purposes"),
    ({"VAULT_KEYS": None}, "VAULT_KEYS"),
    ({"VAULT_KEYS": "1:" + "not base64! " * 4}, "32 random bytes"),
    ({"VAULT_KEYS": "1:" + base64.b64encode(bytes(32)).decode()}, "32 random bytes"),
    ({"VAULT_KEYS": f"2:{KEY},1:{KEY}", "BLIND_INDEX_KEY": KEY}, "two purposes"),
    ({"BLIND_INDEX_KEY": None}, "BLIND_INDEX_KEY"),
    ({"BLIND_INDEX_KEY": base64.b64encode(b"x" * 48 + b"y").decode()}, "32 random bytes"),
    ({"BLIND_INDEX_KEY": "change me " * 5}, "BLIND_INDEX_KEY"),
    ({"ALLOWED_HOSTS": None}, "ALLOWED_HOSTS"),
    ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
    ({"ALLOWED_HOSTS": "aduan.example.go.id,*"}, "ALLOWED_HOSTS"),
    ({"PUBLIC_URL": None}, "PUBLIC_URL"),
    ({"PUBLIC_URL": "http://aduan.example.go.id"}, "PUBLIC_URL"),
    ({"CSRF_TRUSTED_ORIGINS": "https://*.example.go.id"}, "CSRF_TRUSTED_ORIGINS"),
    ({"CSRF_TRUSTED_ORIGINS": "http://aduan.example.go.id"}, "CSRF_TRUSTED_ORIGINS"),
    ({"DATABASE_URL": None}, "DATABASE_URL"),
    ({"DATABASE_URL": "sqlite:///aduan.sqlite3"}, "PostgreSQL"),
    ({"REDIS_URL": None}, "REDIS_URL"),
    ({"EMAIL_URL": None}, "EMAIL_URL"),
    ({"SECURE_SSL_REDIRECT": "false"}, "SECURE_SSL_REDIRECT"),
    ({"STAFF_SECOND_FACTOR": "false"}, "STAFF_SECOND_FACTOR"),
    ({"LOG_LEVEL": "DEBUG"}, "LOG_LEVEL"),
    ({"ADUAN_DEMO_PASSWORD": "contoh"}, "ADUAN_DEMO_PASSWORD"),
    ({"X_ACCEL_LISTS": "/_lists/"}, "DELIVERY_LOG"),
    ({"MEDIA_ROOT": "/srv/static/media", "STATIC_ROOT": "/srv/static"}, "MEDIA_ROOT"),
    ({"ADUAN_KEYS_DIR": "/srv/static", "STATIC_ROOT": "/srv/static"}, "ADUAN_KEYS_DIR"),
]


@pytest.mark.parametrize(("changes", "said"), BROKEN, ids=lambda value: str(value)[:60])
def test_a_broken_configuration_is_refused(changes: dict[str, str | None], said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=said):
        start(changes)


def test_debug_is_refused_in_the_demo_too() -> None:
    with pytest.raises(ImproperlyConfigured, match="DEBUG"):
        start({"DEBUG": "true"}, mode="embedded")


@pytest.mark.django_db
def test_a_database_that_can_lose_data_is_refused() -> None:
    """The throw-away server of the tests is exactly such a database."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SHOW fsync")
        if cursor.fetchone() != ("off",):
            pytest.skip("DATABASE_URL names a careful server")
    assert {message.msg.split(" = ")[0].split()[-1] for message in durability("default")} == {
        "fsync",
        "full_page_writes",
        "synchronous_commit",
    }
