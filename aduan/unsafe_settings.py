"""Combinations of settings under which no process starts. For aduan.settings."""

import os
import re
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

from aduan import environment, wrong_settings


def refuse(settings: Mapping[str, Any]) -> None:
    """Raises ImproperlyConfigured with the sentence of the first unsafe setting."""
    found = SimpleNamespace(**settings)
    checks = _anywhere(found)
    checks |= _in_production(found) if found.PRODUCTION else {}
    checks |= _in_development(found) if found.DEVELOPMENT else {}
    for sentence, is_unsafe in checks.items():
        if is_unsafe:
            raise ImproperlyConfigured(sentence)
    for sentence in wrong_settings.wrong_values(found) if found.PRODUCTION else ():
        raise ImproperlyConfigured(sentence)


def _anywhere(found: Any) -> dict[str, bool]:
    keys = [*found.VAULT_KEYS, *filter(None, [found.BLIND_INDEX_KEY])]  # those that this part has
    secrets = [found.SECRET_KEY, *(key.rpartition(":")[2] for key in keys)]
    private = (found.MEDIA_ROOT, found.KEYS_DIR)
    return {
        "ADUAN_VAULT_KEYS and ADUAN_BLIND_INDEX_KEY must be base64 of 32 random bytes.": not all(
            environment.is_key(key) for key in keys
        ),
        "A secret is used for two purposes; each needs its own.": len(set(secrets)) != len(secrets),
        "ADUAN_LISTS_ACCEL_PREFIX needs ADUAN_DELIVERY_LOG, or no download would count.": bool(
            found.LISTS_ACCEL_PREFIX
        )
        and not found.DELIVERY_LOG,
        "ADUAN_API_READ_RATE and ADUAN_API_WRITE_RATE must be like 1200/hour, and not 0.": not all(
            re.fullmatch(r"[1-9][0-9]*/(minute|hour)", rate) for rate in found.API_RATES.values()
        ),
        "ADUAN_STATIC_ROOT is served to all; ADUAN_MEDIA_ROOT and ADUAN_KEYS_DIR must lie elsewhere.": any(
            path.resolve().is_relative_to(found.STATIC_ROOT.resolve()) for path in private
        ),
    }


def _in_production(found: Any) -> dict[str, bool]:
    hosts, gateway = found.ALLOWED_HOSTS, urlsplit(found.SMS_URL)
    return {
        "ADUAN_ALLOWED_HOSTS must name the hosts; * is refused.": not hosts or "*" in "".join(hosts),
        "ADUAN_PUBLIC_URL must be the https:// address that citizens use, without a path.": not re.fullmatch(
            r"https://[^/?#\s\"']+", found.PUBLIC_URL
        ),
        "ADUAN_ALLOWED_HOSTS must name the host of ADUAN_PUBLIC_URL, or every page is an error 400.": (
            not validate_host(urlsplit(found.PUBLIC_URL).hostname or "", hosts)
        ),
        "ADUAN_CSRF_TRUSTED_ORIGINS must be https:// and without *.": any(
            not origin.startswith("https://") or "*" in origin for origin in found.CSRF_TRUSTED_ORIGINS
        ),
        "ADUAN_SECURE_SSL_REDIRECT=false sends log-ins in the clear.": not found.SECURE_SSL_REDIRECT,
        "ADUAN_STAFF_SECOND_FACTOR=false lets a stolen password decide about numbers.": (
            not found.STAFF_SECOND_FACTOR
        ),
        "ADUAN_EMAIL_URL must name a mail server: notifications in a file reach nobody.": not os.environ.get(
            "ADUAN_EMAIL_URL"
        ),
        "ADUAN_SMS_GATEWAY must name a gateway: codes in a file reach nobody.": found.SMS_GATEWAY
        in ("", found.SMS_TO_FILES),
        "ADUAN_SMS_URL must be the https:// address of the gateway.": found.SMS_GATEWAY.endswith(
            "sms.over_http"
        )
        and gateway.scheme != "https"
        and not environment.is_loopback(gateway.hostname or ""),
        "ADUAN_SMS_BODY or ADUAN_SMS_URL must hold {number} and {text}, or no code arrives.": (
            found.SMS_GATEWAY.endswith("sms.over_http")
            and not all(word in f"{found.SMS_URL}{found.SMS_BODY}" for word in ("{number}", "{text}"))
        ),
        "ADUAN_LOG_LEVEL must be INFO, WARNING, ERROR or CRITICAL.": found.LOGGING["root"]["level"]
        not in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"),
        "ADUAN_LOG_LEVEL=DEBUG writes what people told us into the logs.": found.LOGGING["root"]["level"]
        == "DEBUG",
        "ADUAN_DEMO_PASSWORD lets in everybody who read the manual.": "ADUAN_DEMO_PASSWORD" in os.environ,
    }


def _in_development(found: Any) -> dict[str, bool]:
    """The debug page shows what it should not to anyone who reaches it, so no one but this machine may."""
    public = urlsplit(found.PUBLIC_URL).hostname or "?"
    servers = (*found.DATABASES["default"]["HOST"].split(","), found._REDIS_HOST)
    return {
        "ADUAN_ENV=development serves loopback only: see ADUAN_ALLOWED_HOSTS and ADUAN_PUBLIC_URL.": any(
            not environment.is_loopback(host) for host in (*found.ALLOWED_HOSTS, public)
        ),
        "ADUAN_ENV=development refuses a DATABASE_URL or REDIS_URL on another machine.": any(
            not environment.is_local(host) for host in servers
        ),
    }
