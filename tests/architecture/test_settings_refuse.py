"""A process with an unsafe setting does not start."""

import base64
import os
import re
import runpy
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from aduan import environment
from portal.common.checks import durability
from scripts import env_example
from scripts.check import PRODUCTION

SETTINGS = Path(__file__).resolve().parents[2] / "aduan" / "settings.py"
KEY = base64.b64encode(b"another key of thirty-two bytes.").decode()


# What a process on one's own machine needs, and nothing that only production has.
LOCAL: dict[str, str | None] = {
    "ADUAN_ALLOWED_HOSTS": None,
    "ADUAN_PUBLIC_URL": None,
    "ADUAN_EMAIL_URL": None,
    "DATABASE_URL": "postgres://aduan@%2Ftmp%2Fsockets/aduan",
    "REDIS_URL": "unix:///tmp/sockets/v.sock",
}


def start(changes: dict[str, str | None], *, mode: str = "production") -> dict[str, Any]:
    """The settings of a process whose good environment was changed so; None takes a name away."""
    environment: dict[str, str | None] = {**PRODUCTION, "ADUAN_ENV": mode, **changes}
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name not in ("PATH", "HOME", "TMPDIR")]:
            patch.delenv(name)
        for name, value in environment.items():
            if value is not None:
                patch.setenv(name, value)
        for part in ("database_settings", "log_settings"):  # parts of the page: read them again
            patch.delitem(sys.modules, f"aduan.{part}", raising=False)
        return runpy.run_path(str(SETTINGS))


def test_good_production_settings_start() -> None:
    found = start({})
    assert found["SESSION_COOKIE_SECURE"] is True
    assert found["DATABASES"]["default"]["HOST"] == "db.invalid"


def test_browsers_are_bound_to_https_for_an_hour_until_a_person_lets_it_grow() -> None:
    """The first request bound them, and every subdomain, for a year."""
    names = ("SECURE_HSTS_SECONDS", "SECURE_HSTS_INCLUDE_SUBDOMAINS", "SECURE_HSTS_PRELOAD")
    grown = {"ADUAN_HSTS_SECONDS": "31536000", "ADUAN_HSTS_SUBDOMAINS": "true", "ADUAN_HSTS_PRELOAD": "true"}
    assert [start({})[name] for name in names] == [3600, False, False]
    assert [start(dict(grown))[name] for name in names] == [31_536_000, True, True]


BROKEN: list[tuple[dict[str, str | None], str]] = [
    ({"ADUAN_ENV": "prod"}, "ADUAN_ENV"),
    ({"DEBUG": "true"}, "DEBUG"),
    ({"ADUAN_SECRET_KEY": None}, "ADUAN_SECRET_KEY"),
    ({"ADUAN_SECRET_KEY": "short"}, "ADUAN_SECRET_KEY"),
    ({"ADUAN_SECRET_KEY": "django-insecure-" + "x" * 60}, "ADUAN_SECRET_KEY"),
    ({"ADUAN_SECRET_KEY": "please-change-me-" + "x" * 60}, "ADUAN_SECRET_KEY"),
    ({"ADUAN_SECRET_KEY": None, "ADUAN_SECRET_KEY_FILE": "/nowhere/secret"}, "ADUAN_SECRET_KEY_FILE"),
    ({"ADUAN_SECRET_KEY": KEY, "ADUAN_BLIND_INDEX_KEY": KEY}, "two purposes"),
    ({"ADUAN_VAULT_KEYS": None}, "ADUAN_VAULT_KEYS"),
    ({"ADUAN_VAULT_KEYS": "1:" + "not base64!" * 4}, "32 random bytes"),
    ({"ADUAN_VAULT_KEYS": "1:" + base64.b64encode(bytes(32)).decode()}, "32 random bytes"),
    ({"ADUAN_VAULT_KEYS": f"2:{KEY},1:{KEY}", "ADUAN_BLIND_INDEX_KEY": KEY}, "two purposes"),
    ({"ADUAN_BLIND_INDEX_KEY": None}, "ADUAN_BLIND_INDEX_KEY"),
    ({"ADUAN_BLIND_INDEX_KEY": base64.b64encode(b"x" * 48 + b"y").decode()}, "32 random bytes"),
    ({"ADUAN_BLIND_INDEX_KEY": "change me " * 5}, "ADUAN_BLIND_INDEX_KEY"),
    ({"ADUAN_ALLOWED_HOSTS": None}, "ADUAN_ALLOWED_HOSTS"),
    ({"ADUAN_ALLOWED_HOSTS": "*"}, "ADUAN_ALLOWED_HOSTS"),
    ({"ADUAN_ALLOWED_HOSTS": "aduan.example.go.id,*"}, "ADUAN_ALLOWED_HOSTS"),
    ({"ADUAN_PUBLIC_URL": None}, "ADUAN_PUBLIC_URL"),
    ({"ADUAN_PUBLIC_URL": "http://aduan.example.go.id"}, "ADUAN_PUBLIC_URL"),
    ({"ADUAN_CSRF_TRUSTED_ORIGINS": "https://*.example.go.id"}, "ADUAN_CSRF_TRUSTED_ORIGINS"),
    ({"ADUAN_CSRF_TRUSTED_ORIGINS": "http://aduan.example.go.id"}, "ADUAN_CSRF_TRUSTED_ORIGINS"),
    ({"DATABASE_URL": None}, "DATABASE_URL"),
    ({"DATABASE_URL": "sqlite:///aduan.sqlite3"}, "PostgreSQL"),
    ({"REDIS_URL": None}, "REDIS_URL"),
    ({"ADUAN_EMAIL_URL": None}, "ADUAN_EMAIL_URL"),
    ({"ADUAN_SMS_GATEWAY": None}, "ADUAN_SMS_GATEWAY"),
    ({"ADUAN_SMS_GATEWAY": "portal.tasks.sms.to_file"}, "ADUAN_SMS_GATEWAY"),
    ({"ADUAN_SMS_URL": None}, "ADUAN_SMS_URL"),
    ({"ADUAN_SMS_URL": "http://sms.example.go.id/send"}, "ADUAN_SMS_URL"),
    ({"ADUAN_SMS_SECRET_FILE": "/nowhere/secret"}, "ADUAN_SMS_SECRET_FILE"),
    ({"ADUAN_SECURE_SSL_REDIRECT": "false"}, "ADUAN_SECURE_SSL_REDIRECT"),
    ({"ADUAN_STAFF_SECOND_FACTOR": "false"}, "ADUAN_STAFF_SECOND_FACTOR"),
    ({"ADUAN_LOG_LEVEL": "DEBUG"}, "ADUAN_LOG_LEVEL"),
    ({"ADUAN_DEMO_PASSWORD": "contoh"}, "ADUAN_DEMO_PASSWORD"),
    ({"ADUAN_API_READ_RATE": "0/hour"}, "ADUAN_API_READ_RATE"),
    ({"ADUAN_API_WRITE_RATE": "300 an hour"}, "ADUAN_API_WRITE_RATE"),
    ({"ADUAN_LISTS_ACCEL_PREFIX": "/_lists/"}, "ADUAN_DELIVERY_LOG"),
    ({"ADUAN_MEDIA_ROOT": "/srv/static/media", "ADUAN_STATIC_ROOT": "/srv/static"}, "ADUAN_MEDIA_ROOT"),
    ({"ADUAN_KEYS_DIR": "/srv/static", "ADUAN_STATIC_ROOT": "/srv/static"}, "ADUAN_KEYS_DIR"),
]


# What a file of settings hides, and what is no number, word, address or object where one is asked for.
MISWRITTEN: list[tuple[str, str, str]] = [
    ("ADUAN_PUBLIC_URL", "https://aduan.example.go.id ", "begins or ends with a blank"),
    ("ADUAN_CONTACT_EMAIL", "tanya@aduan.example.go.id\r", "line end of Windows"),
    ("ADUAN_BEHIND_PROXY", '"true"', "stands in quotes"),
    ("REDIS_URL", "'redis://redis:6379'", "stands in quotes"),
    ("ADUAN_BEHIND_PROXY", "ja", "must be true or false"),
    ("ADUAN_HSTS_SECONDS", "a year", "must be a whole number"),
    ("ADUAN_MONITORING", "{beat_minutes: 3}", "cannot be read"),
    ("ADUAN_SERVICE_OWNER", '["Kementerian"]', "object of JSON"),
    ("ADUAN_EMAIL_URL", "smtp+tls://u:p@mail.invalid:smtp", "must be like"),
    ("ADUAN_EMAIL_URL", "mail.invalid", "must be like"),
    ("DATABASE_URL", "postgres://aduan@db.invalid:port/aduan", "cannot be read"),
    ("ADUAN_BACKUP_DATABASE_URL", "postgres://aduan@db.invalid:port/aduan", "cannot be read"),
    ("ADUAN_ALLOWED_HOSTS", "https://aduan.example.go.id", "host of ADUAN_PUBLIC_URL"),
    ("ADUAN_PUBLIC_URL", "https://aduan.example.go.id/aduan", "without a path"),
    ("REDIS_URL", "redis:6379", "must be like"),
    ("ADUAN_LOG_LEVEL", "verbose", "must be INFO"),
    ("ADUAN_SMS_BODY", '{"ke": "{nomor}", "isi": "{text}"}', "no code arrives"),
]


@pytest.mark.parametrize(("name", "value", "said"), MISWRITTEN, ids=lambda value: str(value)[:40])
def test_a_miswritten_value_is_refused_by_its_name(name: str, value: str, said: str) -> None:
    """Most of them started; `invalid literal for int()` named no variable."""
    with pytest.raises(ImproperlyConfigured, match=f"{name}.*{said}|{said}.*{name}"):
        start({name: value})


def test_a_slip_of_the_pen_in_a_name_is_named() -> None:
    """A backup under ADUAN_BACKUP_RECEPIENT was no backup, and nothing said so."""
    known = {**dict.fromkeys(PRODUCTION, "x"), "ADUAN_VAULT_KEYS_FILE": "x", "ADUAN_PART": "web"}
    assert environment.unknown_names(known) == []
    assert environment.unknown_names({**known, "ADUAN_BACKUP_RECEPIENT": "age1"}) == [
        "ADUAN_BACKUP_RECEPIENT is no setting, so it changes nothing; did you mean ADUAN_BACKUP_RECIPIENT?"
    ]


@pytest.mark.parametrize(("changes", "said"), BROKEN, ids=lambda value: str(value)[:60])
def test_a_broken_configuration_is_refused(changes: dict[str, str | None], said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=said):
        start(changes)


@pytest.mark.parametrize("mode", ["demo", "development", "test"])
def test_debug_is_refused_in_every_environment(mode: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DEBUG"):
        start({"ADUAN_DEBUG": "true"}, mode=mode)


@pytest.mark.parametrize("mode", ["production", "demo", "development", "test"])
@pytest.mark.parametrize("old", [*environment.RENAMED])
def test_an_old_name_is_refused_and_the_new_one_named(old: str, mode: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"{old} is now called {environment.RENAMED[old]}"):
        start({**LOCAL, old: "x"}, mode=mode)


@pytest.mark.parametrize("general", [*environment.GENERAL])
def test_a_general_name_is_refused_in_production(general: str) -> None:
    with pytest.raises(
        ImproperlyConfigured, match=f"{general} is not read: write {environment.GENERAL[general]}"
    ):
        start({general: "true"})


@pytest.mark.parametrize("mode", ["demo", "test"])
def test_general_names_are_ignored_elsewhere_in_one_line(
    mode: str, capfd: pytest.CaptureFixture[str]
) -> None:
    before = start(LOCAL, mode=mode)
    capfd.readouterr()
    after = start({**LOCAL, **dict.fromkeys(environment.GENERAL, "true")}, mode=mode)
    said = capfd.readouterr().err
    assert said.count("\n") == 1
    assert all(name in said for name in environment.GENERAL)
    assert after["DEBUG"] is False
    for name in (
        "SECRET_KEY",
        "ALLOWED_HOSTS",
        "PUBLIC_URL",
        "DEFAULT_FROM_EMAIL",
        "MEDIA_ROOT",
        "STATIC_ROOT",
    ):
        assert after[name] == before[name]


def test_every_variable_that_settings_read_has_our_prefix() -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in env_example.SETTINGS)
    read = set(re.findall(r"""env\.\w+\(\s*f?["'](\w+)""", text)) | set(re.findall(r'secret\("(\w+)"', text))
    assert len(read) > 25
    assert {name for name in read if not name.startswith("ADUAN_")} == {"DATABASE_URL", "REDIS_URL"}


def test_only_development_shows_the_debug_page() -> None:
    found = start(LOCAL, mode="development")
    assert found["DEBUG"] is True
    assert found["DEFAULT_EXCEPTION_REPORTER_FILTER"].startswith("devserver.")
    assert "devserver" in found["INSTALLED_APPS"]
    assert found["STORAGES"]["staticfiles"]["BACKEND"].endswith(".StaticFilesStorage")
    for mode in ("demo", "test"):
        assert start(LOCAL, mode=mode)["DEBUG"] is False


NOT_LOCAL: list[tuple[dict[str, str | None], str]] = [
    ({"ADUAN_ALLOWED_HOSTS": "aduan.example.go.id"}, "loopback"),
    ({"ADUAN_ALLOWED_HOSTS": "127.0.0.1,*"}, "loopback"),
    ({"ADUAN_ALLOWED_HOSTS": "127.0.0.1,0.0.0.0"}, "loopback"),
    ({"ADUAN_PUBLIC_URL": "http://192.0.2.7:8000"}, "loopback"),
    ({"ADUAN_PUBLIC_URL": "aduan.example.go.id"}, "loopback"),
    ({"DATABASE_URL": "postgres://aduan@db.example/aduan"}, "another machine"),
    ({"DATABASE_URL": "postgres://aduan@192.0.2.7/aduan"}, "another machine"),
    ({"DATABASE_URL": "postgres://aduan@127.0.0.1,db.example/aduan"}, "another machine"),
    ({"REDIS_URL": "redis://redis.example:6379"}, "another machine"),
]


@pytest.mark.parametrize(("changes", "said"), NOT_LOCAL, ids=lambda value: str(value)[:60])
def test_development_serves_this_machine_only(changes: dict[str, str | None], said: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=said):
        start({**LOCAL, **changes}, mode="development")


@pytest.mark.parametrize("host", ["%2Ftmp%2Fsockets", "127.0.0.1", "localhost", "[::1]"])
def test_development_takes_any_server_of_this_machine(host: str) -> None:
    start({**LOCAL, "DATABASE_URL": f"postgres://aduan@{host}/aduan"}, mode="development")


@pytest.mark.parametrize("mode", ["production", "demo", "development"])
def test_no_secret_is_made_up(mode: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="ADUAN_VAULT_KEYS"):
        start({**LOCAL, "ADUAN_VAULT_KEYS": None}, mode=mode)


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
