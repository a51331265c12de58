"""Values that mean nothing are refused by their name, whatever variable of .env.example they stand in."""

from __future__ import annotations

import re

import pytest
from django.core.exceptions import ImproperlyConfigured

from scripts import env_example
from tests.architecture.test_settings_refuse import start

SECRET_HALF = "AGE-SECRET-" + "KEY-1QQPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQYQSZQGPQ0N4WFX"
WRONG: dict[str, list[str]] = {
    "ADUAN_BACKUP_RECIPIENT": ["age1", "kunci", SECRET_HALF, "age1" + "q" * 58],
    "ADUAN_BACKUP_HOUR": ["25", "24", "-1", "01:00", "1.5"],
    "ADUAN_METRICS_SINK": ["monitor", "monitor:", ":9125", "monitor:0", "monitor:99999", "udp://monitor:9125"],
    "ADUAN_WEB_ADDRESS": ["web:8000", "http://", "http://web:8000/lapor", "http://web:port", "ftp://web"],
    "ADUAN_SERVICE_OWNER": ['{"nama": "Kementerian"}', '{"name": 3}', '{"name": {"id": null}}'],
    "ADUAN_EMAIL_URL": [
        "smtps://u:p@mail.invalid:465", "https://mail.invalid", "smtp://", "filemail:///tmp/mail",
        "consolemail://", "smtp+tls://u:pass#word@mail.invalid:587", "smtp+tls://u:pa/ss@mail.invalid:587",
        "smtp+tls://USER:PASSWORD@mail.invalid:587", "smtp://u:pass@mail.invalid:587",
    ],
    "ADUAN_DEFAULT_FROM_EMAIL": ["Aduan Nomor", "Aduan Nomor <noreply>", "noreply@"],
    "ADUAN_CONTACT_EMAIL": ["tanya", "tanya@", "https://aduan.example.go.id"],
    "ADUAN_SECURITY_EMAIL": ["keamanan at aduan.example.go.id"],
    "ADUAN_REFERRAL_MAILBOX": ["rujukan"],
    "ADUAN_IMAP_URL": [
        "mail.invalid", "pop3://u:p@mail.invalid", "imaps://", "imaps://u:p#w@mail.invalid",
        "imap://u:pass@mail.invalid",
    ],
    "ADUAN_PUBLICATION_DELAY_HOURS": ["-1", "nan", "inf", "1e9", "4 jam", "4,5"],
    "ADUAN_HSTS_SECONDS": ["-1", "1e6"],
    "ADUAN_STAGING_MAX_MB": ["0", "-5", "8 GB"],
    "ADUAN_STAGING_DISK_FLOOR_MB": ["-1"],
    "ADUAN_DB_STATEMENT_TIMEOUT_MS": ["-1", "2s"],
    "ADUAN_DB_LOCK_TIMEOUT_MS": ["-1"],
    "ADUAN_DB_CONNECT_TIMEOUT_S": ["0", "-1"],
    "ADUAN_DB_CONN_MAX_AGE": ["-1", "None"],
    "ADUAN_WORKER_LOG_LEVEL": ["DEBUG", "warning", "LOUD"],
    "ADUAN_QUEUE_PREFIX": ["aduan nomor", "*", "aduan/"],
    "ADUAN_LISTS_ACCEL_PREFIX": ["_lists", "/_lists", "https://aduan.example.go.id/_lists/"],
    "ADUAN_DELIVERY_LOG": ["deliveries.log", "syslog:local7"],
    "ADUAN_CLAMD_SOCKET": ["127.0.0.1:3310", "clamd.ctl"],
    "ADUAN_EXAMINER_SOCKET": ["examiner"],
    "ADUAN_SMS_HEADERS": ['{"X-Priority": 1}'],
    "ADUAN_SMS_BODY": ['{"to": "{number}", "text": "{text}", "flash": true}'],
    "ADUAN_SENTRY_DSN": ["sentry", "https://sentry.invalid/1", "https://key@sentry.invalid"],
    "ADUAN_OTLP_ENDPOINT": ["collector:4318", "grpc://collector:4317"],
    "ADUAN_RECYCLING_APIS": [
        '{"telkomsel": "https://api.invalid"}', '{"telkomsel": {"url": "https://api.invalid"}}',
        '{"telkomsel": {"url": "api", "token_url": "https://a.invalid", "client_id": "a", "secret": "b"}}',
    ],
    "ADUAN_ALLOWED_HOSTS": ["aduan.example.go.id,https://www.example.go.id", "aduan.example.go.id,b.id:443"],
    "ADUAN_CSRF_TRUSTED_ORIGINS": ["https://aduan.example.go.id/lapor", "https://"],
    "REDIS_URL": ["redis://redis:6379/0", "redis://redis:port", "redis://", "http://redis", "unix://socket"],
    "ADUAN_WEB_WORKERS": ["0", "two", "-1", "auto"],
    "ADUAN_WEB_BIND": ["8000", "127.0.0.1", "web:http"],
    "ADUAN_METRICS_PORT": ["metrics", "70000", "-1"],
    "ADUAN_METRICS_ADDRESS": ["http://0.0.0.0", "0.0.0.0/0"],
}  # fmt: skip
CASES = [(name, value) for name, values in WRONG.items() for value in values]
RIGHT: list[tuple[str, str]] = [
    ("ADUAN_BACKUP_RECIPIENT", ""),
    ("ADUAN_BACKUP_RECIPIENT", "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj"),
    ("ADUAN_BACKUP_HOUR", "0"),
    ("ADUAN_METRICS_SINK", "[::1]:9125"),
    ("ADUAN_WEB_ADDRESS", "http://127.0.0.1:8000/"),
    ("ADUAN_EMAIL_URL", "smtp://127.0.0.1:25"),
    ("ADUAN_EMAIL_URL", "smtp://relay.kementerian.go.id:25"),
    ("ADUAN_EMAIL_URL", "smtp://u:p@localhost:25"),
    ("ADUAN_IMAP_URL", "imap://u:p@127.0.0.1/INBOX"),
    ("ADUAN_EMAIL_URL", "smtp+ssl://noreply%40go.id:p%23w%2F@mail.invalid:465"),
    ("ADUAN_DEFAULT_FROM_EMAIL", "noreply@aduan.example.go.id"),
    ("ADUAN_PUBLICATION_DELAY_HOURS", "0.5"),
    ("ADUAN_ALLOWED_HOSTS", "aduan.example.go.id,.kementerian.go.id,10.0.0.7,[::1]"),
    ("ADUAN_SENTRY_DSN", "https://0123456789abcdef@sentry.example.go.id/7"),
    ("ADUAN_SERVICE_OWNER", '{"name": {"id": "Kementerian", "en": "Ministry"}, "call_centre": "159"}'),
    ("ADUAN_METRICS_ADDRESS", "::"),
    ("ADUAN_WEB_BIND", "0.0.0.0:8000"),
    ("REDIS_URL", "rediss://user:p%40ss@redis.example.go.id:6380"),
    ("REDIS_URL", "unix:///run/valkey/valkey.sock"),
]


@pytest.mark.parametrize(("name", "value"), CASES)
def test_a_value_that_means_nothing_is_refused_by_its_name(name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name) as refusal:
        start({"ADUAN_DELIVERY_LOG": "/var/log/aduan/deliveries.log", name: value})
    assert "pass" not in str(refusal.value).replace("user:password@host", "")


@pytest.mark.parametrize(("name", "value"), RIGHT)
def test_a_value_that_means_something_starts(name: str, value: str) -> None:
    assert start({name: value})["PRODUCTION"] is True


def test_a_password_with_a_sign_of_addresses_is_not_repeated() -> None:
    """`Port could not be cast to integer value as 'rahasia'` went into the log."""
    with pytest.raises(ImproperlyConfigured, match=r"DATABASE_URL cannot be read.*%23") as refusal:
        start({"DATABASE_URL": "postgres://aduan:rahasia/1@db.invalid:5432/aduan"})
    assert "rahasia" not in str(refusal.value)


def test_what_is_tried_stands_in_the_example() -> None:
    named = set(re.findall(r"^(?:# )?(\w+)=", env_example.text(), re.M))
    assert {name.removesuffix("_FILE") for name in named} >= set(WRONG)
