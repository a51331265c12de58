"""Values that are read but mean nothing: refused at the start by their name, not found when needed.

For aduan.settings, in production. What needs more than the value (a function that can be imported, a file) is
asked by deploy/preflight.py.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from email.utils import parseaddr
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.validators import validate_email

from aduan import environment

_NAME: Final = re.compile(r"\w[\w.+-]*")
_HOST: Final = re.compile(r"\[[0-9a-fA-F:.]+\]|\.?[\w-]+(\.[\w-]+)*\.?")
_LEVELS: Final = ("INFO", "WARNING", "ERROR", "CRITICAL")
_OF_OWNER: Final = ("name", "unit", "address", "call_centre", "hours", "email", "dpo", "basis")
_OF_RECYCLING: Final = ("url", "token_url", "client_id", "secret", "secret_file", "daily_quota")


class Rule(NamedTuple):
    """`must`: what the sentence says after the name of the variable."""

    name: str
    must: str
    holds: Callable[[Any], bool]


def refuse_texts(environ: Mapping[str, str]) -> None:
    """Before the settings are made of them. Raises ImproperlyConfigured."""
    for name, must, holds in (*_TEXTS, *_OF_PROCESSES):
        if environ.get(name) and not holds(environ[name]):
            raise ImproperlyConfigured(f"{name} must be {must}.")


def wrong_values(found: Any) -> Iterator[str]:
    """A sentence for each setting that cannot be meant. `found` has them by their names."""
    for setting, (name, must, holds) in _OF_SETTINGS.items():
        value = getattr(found, setting)
        if value and not holds(value):
            yield f"{name} must be {must}."
    if found.EMAIL_HOST_USER == "USER" and found.EMAIL_HOST_PASSWORD == "PASSWORD":  # noqa: S105
        yield "ADUAN_EMAIL_URL still has the example's USER and PASSWORD."


def is_age_recipient(value: str) -> bool:
    """The public half of an offline key; not its secret half, which belongs to no server."""
    import pyrage

    try:
        pyrage.x25519.Recipient.from_str(value)
    except pyrage.RecipientError:
        return False
    return True


def is_place(value: str) -> bool:
    """host:port."""
    host, _colon, port = value.rpartition(":")
    return bool(_HOST.fullmatch(host)) and _is_number(port, 1, 65535)


def is_address(value: str, *schemes: str, path: bool = True) -> bool:
    """An address with a host, of one of these schemes; without `path`, nothing behind the host."""
    try:
        parts = urlsplit(value)
        bare = not (parts.path.strip("/") or parts.query or parts.fragment)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0 and (path or bare)
    except ValueError:
        return False


def _is_mail_server(value: str) -> bool:
    if not is_address(value, "smtp", "smtp+tls", "smtp+ssl", path=False):
        return False
    parts = urlsplit(value)
    return not (parts.scheme == "smtp" and parts.password) or environment.is_loopback(parts.hostname or "")


def _is_inbox(value: str) -> bool:
    loopback = is_address(value, "imap") and environment.is_loopback(urlsplit(value).hostname or "")
    return loopback or is_address(value, "imaps")


def _is_dsn(value: str) -> bool:
    return is_address(value, "https", "http") and bool(re.fullmatch(r"[^@]+@.+/\d+", value))


def _is_mailbox(value: str) -> bool:
    try:
        validate_email(parseaddr(value)[1])
    except ValidationError:
        return False
    return True


def _is_number(text: str, least: int, most: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10 and least <= int(text) <= most


def _number(name: str, least: int, most: int) -> Rule:
    return Rule(name, f"a whole number from {least} to {most}", lambda text: _is_number(text, least, most))


def _is_delay(text: str) -> bool:
    return bool(re.fullmatch(r"\d{1,3}(\.\d+)?", text))


def _is_owner(value: dict[str, Any]) -> bool:
    parts = [part if isinstance(part, dict) else {"id": part} for part in value.values()]
    return set(value) <= set(_OF_OWNER) and all(_are_texts(part) for part in parts)


def _are_interfaces(value: dict[str, Any]) -> bool:
    return all(
        isinstance(one, dict)
        and set(one) <= set(_OF_RECYCLING)
        and all(is_address(str(one.get(name, "")), "https", "http") for name in ("url", "token_url"))
        and one.get("client_id")
        and (one.get("secret") or one.get("secret_file"))
        and _is_number(str(one.get("daily_quota", 1)), 1, 100_000_000)
        for one in value.values()
    )


def _are_texts(value: dict[str, Any]) -> bool:
    return all(isinstance(text, str) for text in value.values())


_MAILBOX: Final = "an address of e-mail"
_OF_SETTINGS: Final = {
    "BACKUP_RECIPIENT": Rule(
        "ADUAN_BACKUP_RECIPIENT", "an age1… key, the public half of `backup keygen`", is_age_recipient
    ),
    "METRICS_SINK": Rule("ADUAN_METRICS_SINK", "host:port", is_place),
    "WEB_ADDRESS": Rule(
        "ADUAN_WEB_ADDRESS", "http://host:port", lambda text: is_address(text, "http", "https", path=False)
    ),
    "SENTRY_DSN": Rule("ADUAN_SENTRY_DSN", "like https://key@host/1", _is_dsn),
    "OTLP_ENDPOINT": Rule(
        "ADUAN_OTLP_ENDPOINT", "http://host:port", lambda text: is_address(text, "http", "https")
    ),
    "IMAP_URL": Rule(
        "ADUAN_IMAP_URL", "imaps://user:password@host/INBOX, or imap://… on this machine only", _is_inbox
    ),
    "DEFAULT_FROM_EMAIL": Rule("ADUAN_DEFAULT_FROM_EMAIL", f"{_MAILBOX}, or Name <address>", _is_mailbox),
    "CONTACT_EMAIL": Rule("ADUAN_CONTACT_EMAIL", _MAILBOX, _is_mailbox),
    "SECURITY_EMAIL": Rule("ADUAN_SECURITY_EMAIL", _MAILBOX, _is_mailbox),
    "REFERRAL_MAILBOX": Rule("ADUAN_REFERRAL_MAILBOX", _MAILBOX, _is_mailbox),
    "LISTS_ACCEL_PREFIX": Rule(
        "ADUAN_LISTS_ACCEL_PREFIX", "like /_lists/", lambda text: bool(re.fullmatch(r"/([\w-]+/)+", text))
    ),
    "DELIVERY_LOG": Rule("ADUAN_DELIVERY_LOG", "a path from /", lambda text: text.startswith("/")),
    "CLAMD_SOCKET": Rule("ADUAN_CLAMD_SOCKET", "a path from /", lambda text: text.startswith("/")),
    "EXAMINER_SOCKET": Rule("ADUAN_EXAMINER_SOCKET", "a path from /", lambda text: text.startswith("/")),
    "QUEUE_PREFIX": Rule("ADUAN_QUEUE_PREFIX", "a name", lambda text: bool(_NAME.fullmatch(text))),
    "WORKER_LOG_LEVEL": Rule(
        "ADUAN_WORKER_LOG_LEVEL", f"one of {', '.join(_LEVELS)}", _LEVELS.__contains__
    ),
    "SERVICE_OWNER": Rule(
        "ADUAN_SERVICE_OWNER", f"an object of texts with only {', '.join(_OF_OWNER)}", _is_owner
    ),
    "SMS_HEADERS": Rule("ADUAN_SMS_HEADERS", "an object of texts", _are_texts),
    "SMS_BODY": Rule("ADUAN_SMS_BODY", "an object of texts", _are_texts),
    "RECYCLING_APIS": Rule(
        "ADUAN_RECYCLING_APIS", f"by operator an object with {', '.join(_OF_RECYCLING)}", _are_interfaces
    ),
    "ALLOWED_HOSTS": Rule(
        "ADUAN_ALLOWED_HOSTS", "hosts alone", lambda hosts: all(map(_HOST.fullmatch, hosts))
    ),
    "CSRF_TRUSTED_ORIGINS": Rule(
        "ADUAN_CSRF_TRUSTED_ORIGINS", "https://host, without a path",
        lambda origins: all(is_address(one, "https", path=False) for one in origins),
    ),
}  # fmt: skip
_TEXTS: Final = (
    Rule(
        "ADUAN_EMAIL_URL",
        "like smtp+tls://user:password@host:587 (STARTTLS) or smtp+ssl://…; smtp://…, which is in clear, "
        "only where no one logs in",
        _is_mail_server,
    ),
    Rule(
        "REDIS_URL",
        "like redis://host:6379, rediss://… or unix:///socket, without the number of a database",
        lambda text: text.startswith("unix:///") or is_address(text, "redis", "rediss", path=False),
    ),
    Rule("ADUAN_PUBLICATION_DELAY_HOURS", "hours from 0 to 999", _is_delay),
    _number("ADUAN_BACKUP_HOUR", 0, 23),
    _number("ADUAN_HSTS_SECONDS", 0, 200_000_000),
    _number("ADUAN_STAGING_MAX_MB", 1, 100_000_000),
    _number("ADUAN_STAGING_DISK_FLOOR_MB", 0, 100_000_000),
    _number("ADUAN_DB_STATEMENT_TIMEOUT_MS", 0, 86_400_000),
    _number("ADUAN_DB_LOCK_TIMEOUT_MS", 0, 86_400_000),
    _number("ADUAN_DB_CONNECT_TIMEOUT_S", 1, 600),
    _number("ADUAN_DB_CONN_MAX_AGE", 0, 86_400),
)
# Read by gunicorn and the monitor themselves: a wrong one is a traceback, or a server without processes.
_OF_PROCESSES: Final = (
    _number("ADUAN_WEB_WORKERS", 1, 512),
    _number("ADUAN_METRICS_PORT", 0, 65535),
    Rule("ADUAN_WEB_BIND", "host:port", lambda text: text.startswith("unix:/") or is_place(text)),
    Rule("ADUAN_METRICS_ADDRESS", "a host", lambda text: bool(re.fullmatch(r"[\w.:-]+", text))),
)
