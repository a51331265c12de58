"""The step-up as one typed value, and the code by which the database recognises its evidence.

The interface makes a `StepUp` from the session (`portal.common.signin.step_up_of`) and hands it to a service;
the service stores it with `accounts.services.record_step_up`. The key is derived from ADUAN_SECRET_KEY: code
in a process of the application can read it, SQL in its database session cannot (docs/adr/0022).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypedDict

from django.conf import settings

_EPOCH: Final = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_BLOCK: Final = 64  # bytes, of SHA-256
_PURPOSE: Final = b"aduan step-up evidence"


@dataclass(frozen=True, slots=True)
class StepUp:
    """A person proved who they are. `method` is a value of `StepUpEvidence.Method`."""

    person_id: int
    method: str
    proved_at: dt.datetime


class StoredStepUp(TypedDict):
    """A row of evidence outside of the database: times in ISO 8601, `mac` in hexadecimal digits."""

    person: int
    method: str
    proved_at: str
    act: str
    subject: str
    digest: str
    at: str
    nonce: str
    mac: str


def mac_of(step_up: StepUp, *, act: str, subject: str, digest: str, at: dt.datetime, nonce: str) -> bytes:
    """HMAC-SHA-256 over one line a column; `accounts/sql/step_up_evidence` builds the same text."""
    lines = (
        str(step_up.person_id), step_up.method, str(_microseconds(step_up.proved_at)), act, subject, digest,
        str(_microseconds(at)), nonce,
    )  # fmt: skip
    return _mac(lines)


def application_mac(act: str, *facts: str | int | dt.datetime | None) -> bytes:
    """The code of what the application does on its own, which no person signs; one line a fact.

    `accounts/sql/made_by_application` builds the same text. A step-up's text begins with a person's number,
    this one with a word: neither code stands for the other.
    """
    return _mac(("application", act, *map(_line, facts)))


def is_application_mac(
    mac: bytes | memoryview | None, act: str, *facts: str | int | dt.datetime | None
) -> bool:
    """Whether the application made this code over these facts, with a key that is in use."""
    lines = ("application", act, *map(_line, facts))
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return mac is not None and any(hmac.compare_digest(bytes(mac), _mac(lines, one)) for one in secrets)


def padded_keys() -> list[tuple[bytes, bytes]]:
    """The inner and outer block of each key that is in use, for the database."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [(_padded(_key(secret), 0x36), _padded(_key(secret), 0x5C)) for secret in secrets]


def _mac(lines: Iterable[str], secret: str | None = None) -> bytes:
    return hmac.new(_key(secret or settings.SECRET_KEY), "\n".join(lines).encode(), hashlib.sha256).digest()


def _line(fact: str | int | dt.datetime | None) -> str:
    if isinstance(fact, dt.datetime):
        return str(_microseconds(fact))
    return "" if fact is None else str(fact)


def _key(secret: str) -> bytes:
    return hmac.new(secret.encode(), _PURPOSE, hashlib.sha256).digest()


def _padded(key: bytes, value: int) -> bytes:
    return bytes(byte ^ value for byte in key.ljust(_BLOCK, b"\0"))


def _microseconds(moment: dt.datetime) -> int:
    return (moment - _EPOCH) // dt.timedelta(microseconds=1)
