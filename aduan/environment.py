"""Reads what the process environment says: every variable of ours begins with `ADUAN_`.

The two exceptions are names that platforms set by themselves, DATABASE_URL and REDIS_URL. For aduan.settings.
"""

import base64
import difflib
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Literal, cast, get_args
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured
from environ import Env

Environment = Literal["production", "demo", "development", "test"]

_PROJECT: Final = Path(__file__).resolve().parent.parent
_TRUE_OR_FALSE: Final = {*Env.BOOLEAN_TRUE_STRINGS, "false", "off", "n", "no", "0", ""}


class Reader(Env):  # type: ignore[misc]  # environ has no types
    """Names the variable that it refuses, and takes no other word for `false`."""

    def get_value(self, var: str, cast: Any = None, *arguments: Any, **words: Any) -> Any:
        if cast is bool and os.environ.get(var, "").lower() not in _TRUE_OR_FALSE:
            raise ImproperlyConfigured(f"{var} must be true or false.")
        try:
            return super().get_value(var, cast, *arguments, **words)
        except ValueError as error:  # also that of JSON
            raise ImproperlyConfigured(f"{var} cannot be read: {error}.") from error

    def json(self, var: str, *arguments: Any, **words: Any) -> Any:
        value = super().json(var, *arguments, **words)
        if not isinstance(value, dict):
            raise ImproperlyConfigured(f'{var} must be an object of JSON: {{"name": …}}.')
        return value


env: Final = Reader()  # of the pages of settings

# Names that only this product ever used, and what they are called now.
_OURS = """
    VAULT_KEYS VAULT_KEYS_FILE BLIND_INDEX_KEY BLIND_INDEX_KEY_FILE PUBLISH_ROOT DELIVERY_LOG BEHIND_PROXY
    STAFF_SECOND_FACTOR EVIDENCE_STORAGE EVIDENCE_STORAGE_OPTIONS CLAMD_SOCKET SMS_GATEWAY API_READ_RATE
    API_WRITE_RATE WEBHOOKS_TO_LOOPBACK DB_STATEMENT_TIMEOUT_MS DB_LOCK_TIMEOUT_MS FAILPOINT
"""
RENAMED: Final = {name: f"ADUAN_{name}" for name in _OURS.split()} | {
    "ADUAN_MODE": "ADUAN_ENV",
    "ADUAN_COOLING_OFF_HOURS": "ADUAN_PUBLICATION_DELAY_HOURS",
    "X_ACCEL_LISTS": "ADUAN_LISTS_ACCEL_PREFIX",
    # DATABASE_URL is the application's role itself; the other one migrates.
    "DB_APP_ROLE": "ADUAN_MIGRATE_DATABASE_URL",
    "ADUAN_DB_APP_ROLE": "ADUAN_MIGRATE_DATABASE_URL",
}
# Names that other programs use too. They may stand in any shell, so outside production they are ignored.
_EVERYBODYS = """
    SECRET_KEY SECRET_KEY_FILE SECRET_KEY_FALLBACKS ALLOWED_HOSTS CSRF_TRUSTED_ORIGINS PUBLIC_URL EMAIL_URL
    DEFAULT_FROM_EMAIL CONTACT_EMAIL SECURITY_EMAIL SECURE_SSL_REDIRECT MEDIA_ROOT STATIC_ROOT LOG_LEVEL
    WEB_WORKERS WORKER_CONCURRENCY
"""
GENERAL: Final = {name: f"ADUAN_{name}" for name in _EVERYBODYS.split()} | {
    "DEBUG": "ADUAN_ENV=development",
    "CONN_MAX_AGE": "ADUAN_DB_CONN_MAX_AGE",
}


# Which of the application's keys each part has (deploy/entrypoint.sh names it in ADUAN_PART). A process
# without a part, such as a console, has all. `beat` opens neither letters nor the database; `monitor` writes
# letters to staff; `lists` signs for the application and writes letters, but compares no contacts.
APPLICATION_KEYS: Final = ("ADUAN_SECRET_KEY", "ADUAN_VAULT_KEYS", "ADUAN_BLIND_INDEX_KEY")
KEYS_OF_PARTS: Final = {
    "migrate": APPLICATION_KEYS,
    "web": APPLICATION_KEYS,
    "worker": APPLICATION_KEYS,
    "lists": APPLICATION_KEYS[:2],
    "beat": (),
    "slow-clients": (),
    "monitor": APPLICATION_KEYS[1:2],
    "backup": APPLICATION_KEYS,  # it keeps them too, encrypted to a key that is elsewhere
}


def part() -> str:
    """ADUAN_PART, or nothing. Raises ImproperlyConfigured for one that does not exist."""
    value = os.environ.get("ADUAN_PART", "")
    if value and value not in KEYS_OF_PARTS:
        raise ImproperlyConfigured(f"ADUAN_PART is {value!r}; it can be one of {', '.join(KEYS_OF_PARTS)}.")
    return value


def keys_of_this_part() -> tuple[str, ...]:
    return KEYS_OF_PARTS.get(part(), APPLICATION_KEYS)


def superfluous_keys() -> list[str]:
    """Variables that give this part a key which is none of its business."""
    keys = keys_of_this_part()
    names = [f"{name}{end}" for name in APPLICATION_KEYS if name not in keys for end in ("", "_FILE")]
    return [name for name in names if os.environ.get(name)]


def current() -> Environment:
    """ADUAN_ENV; `production` unless something says otherwise."""
    value = os.environ.get("ADUAN_ENV") or "production"
    if value not in get_args(Environment):
        known = ", ".join(get_args(Environment))
        raise ImproperlyConfigured(f"ADUAN_ENV is {value!r}; it can be one of {known}.")
    return cast(Environment, value)


def check_names(environ: Mapping[str, str], *, environment: Environment) -> None:
    """Refuse variables that would be overlooked. Raises ImproperlyConfigured naming the new name."""
    old = [name for name in RENAMED if name in environ]
    if old:
        raise ImproperlyConfigured("; ".join(f"{name} is now called {RENAMED[name]}" for name in old) + ".")
    general = [name for name in GENERAL if name in environ]
    if general and environment == "production":
        raise ImproperlyConfigured(
            "; ".join(f"{name} is not read: write {GENERAL[name]}" for name in general) + "."
        )
    if general:
        sys.stderr.write(f"aduan: {', '.join(general)} in the environment: ignored.\n")
    if "ADUAN_DEBUG" in environ:
        raise ImproperlyConfigured("ADUAN_DEBUG does not exist: only `make dev` shows Django's debug page.")


def check_values(environ: Mapping[str, str], *, environment: Environment) -> None:
    """Refuse what a file of settings leaves around a value unseen. Raises ImproperlyConfigured."""
    if environment != "production":
        return
    for name in sorted(filter(_is_ours, environ)):
        value = environ[name]
        if value != value.strip():
            raise ImproperlyConfigured(
                f"{name} begins or ends with a blank, or with the line end of Windows: take it away."
            )
        if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
            raise ImproperlyConfigured(f"{name} stands in quotes: a value is taken as it stands.")


def unknown_names(environ: Mapping[str, str]) -> list[str]:
    """A sentence for each name of ours that .env.example lacks: a slip of the pen would be overlooked."""
    example = (_PROJECT / ".env.example").read_text(encoding="utf-8")
    known = {*re.findall(r"^(?:# )?(\w+)=", example, re.M), "ADUAN_PART"}
    known |= {name.removesuffix("_FILE") for name in known}
    found = [name for name in sorted(filter(_is_ours, environ)) if name.removesuffix("_FILE") not in known]
    return [f"{name} is no setting, so it changes nothing{_meant(name, known)}" for name in found]


def _meant(name: str, known: set[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.85)
    return f"; did you mean {close[0]}?" if close else "."


def _is_ours(name: str) -> bool:
    return name.startswith("ADUAN_") or name in ("DATABASE_URL", "REDIS_URL")


def parsed(name: str, value: str, parse: Callable[[str], dict[str, Any]]) -> dict[str, Any]:
    """What `parse` makes of an address. Raises ImproperlyConfigured with the name of its variable.

    What is wrong is not repeated: with # or / in a password it is a part of the password.
    """
    try:
        return parse(value)
    except (ValueError, ImproperlyConfigured):  # a port that is no number, an unknown scheme
        raise ImproperlyConfigured(
            f"{name} cannot be read: like scheme://user:password@host:port, with %23 for # in a password,"
            " %2F for /, %3F for ?, %40 for @ and %25 for %."
        ) from None


def secret(name: str, *, environment: Environment, optional: bool = False) -> str:
    """A secret from NAME or from the file that NAME_FILE names.

    In production it must be long and not an example. An optional one may be empty; others chose its length.
    A key that this part does not need is not read.
    """
    if name in APPLICATION_KEYS and name not in keys_of_this_part():
        return ""
    path = os.environ.get(f"{name}_FILE", "")
    try:
        value = Path(path).read_text(encoding="ascii").strip() if path else os.environ.get(name, "")
    except (OSError, UnicodeDecodeError) as error:
        raise ImproperlyConfigured(f"{name}_FILE={path} cannot be read: {error}") from error
    if optional:
        return value
    example = "change" in value.lower() or value.startswith("django-insecure")
    if environment == "production" and (len(value) < 43 or example):
        raise ImproperlyConfigured(f"{name} is missing, too short or an example: set {name} or {name}_FILE.")
    return required(name, value)


def with_password(url: str, password: str) -> str:
    """The address of a Redis or Valkey server with the password from its file; one in the address stays."""
    scheme, separator, rest = url.partition("://")
    if not password or not separator or scheme == "unix" or "@" in rest:
        return url
    return f"{scheme}://:{quote(password, safe='')}@{rest}"


def required(name: str, value: str) -> str:
    """The value, without which no process starts."""
    if not value:
        raise ImproperlyConfigured(f"{name} is not set. On your own machine `make up` sets it for you.")
    return value


def is_key(text: str) -> bool:
    """Whether the text is base64 of 32 bytes that are not all alike, after an optional `version:`."""
    try:
        key = base64.b64decode(text.strip().rpartition(":")[2], validate=True)
    except ValueError:
        return False
    return len(key) == 32 and len(set(key)) > 1


def is_loopback(host: str) -> bool:
    """Whether a host's name means this machine's own network interface."""
    return host in ("localhost", "127.0.0.1", "::1", "[::1]")


def is_local(host: str) -> bool:
    """Whether a server at this host runs here: on loopback, or on a socket."""
    return not host or host.startswith("/") or is_loopback(host)
