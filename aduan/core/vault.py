"""Encryption of personal data: AES-256-GCM under versioned keys, keyed blind indexes, keys that can be
shredded.

Two layers. A *key of the house* (settings.VAULT_KEYS, base64 of 32 bytes, the first one seals, all of them
open) wraps one random *subject key* per complaint, user or evidence file. What belongs to the subject is
sealed under the subject key; destroying the wrapped key erases every copy of the data, also the ones in
backups.

Every sealed value is bound to its place (`table|column|pk`) as associated data: a value moved to another row
or column does not open. Nothing here touches the database."""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import hmac
import os
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES: Final = 32
_NONCE: Final = 12
_NAME: Final = 4
_HOUSE: Final = b"\x01"  # format 1: version byte, name of the house key, nonce, ciphertext with tag
_SUBJECT: Final = b"\x02"  # format 2: version byte, nonce, ciphertext with tag


class VaultError(Exception):
    """A sealed value that cannot be opened. Never shown to a person: it is a fault or an attack, not a
    refusal."""


class KeyUnknown(VaultError):
    """The value was sealed under a key that settings.VAULT_KEYS no longer holds."""


class Tampered(VaultError):
    """The value was changed, cut, or moved to another row or column."""


class Shredded(VaultError):
    """The subject's key was destroyed: the data is erased on purpose."""


def place(table: str, column: str, key: object) -> str:
    """Where a value lives, as associated data. `key` is a UUID or another key known before the insert."""
    return f"{table}|{column}|{key}"


@dataclass(frozen=True, slots=True)
class SubjectKey:
    """The key of one subject, in clear only while a service works with it."""

    raw: bytes

    def __repr__(self) -> str:
        return "SubjectKey(…)"

    def seal(self, text: str, *, at: str) -> bytes:
        return self.seal_bytes(text.encode(), at=at)

    def open(self, sealed: bytes | memoryview, *, at: str) -> str:
        return self.open_bytes(sealed, at=at).decode()

    def seal_bytes(self, data: bytes, *, at: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return _SUBJECT + nonce + AESGCM(self.raw).encrypt(nonce, data, at.encode())

    def open_bytes(self, sealed: bytes | memoryview, *, at: str) -> bytes:
        value = bytes(sealed)
        if value[:1] != _SUBJECT:
            raise Tampered(f"not a value sealed under a subject key, at {at}")
        return _decrypt(self.raw, value[1:], at)


def new_subject_key(*, at: str) -> tuple[SubjectKey, bytes]:
    """A fresh key, and the same key wrapped for the database (81 bytes)."""
    key = SubjectKey(os.urandom(KEY_BYTES))
    return key, seal_bytes(key.raw, at=at)


def unwrap(wrapped: bytes | memoryview | None, *, at: str) -> SubjectKey:
    """Raises Shredded when there is no key any more."""
    if not wrapped:
        raise Shredded(f"the key at {at} was destroyed")
    return SubjectKey(open_bytes(wrapped, at=at))


def seal(text: str, *, at: str) -> bytes:
    """Seal directly under the current house key: for short-lived values such as the address on an outbox
    row."""
    return seal_bytes(text.encode(), at=at)


def open_text(sealed: bytes | memoryview, *, at: str) -> str:
    return open_bytes(sealed, at=at).decode()


def seal_bytes(data: bytes, *, at: str) -> bytes:
    name, key = next(iter(_house_keys().items()))
    nonce = os.urandom(_NONCE)
    return _HOUSE + name + nonce + AESGCM(key).encrypt(nonce, data, at.encode())


def open_bytes(sealed: bytes | memoryview, *, at: str) -> bytes:
    value = bytes(sealed)
    if value[:1] != _HOUSE or len(value) < 1 + _NAME + _NONCE:
        raise Tampered(f"not a value sealed under a house key, at {at}")
    key = _house_keys().get(value[1 : 1 + _NAME])
    if key is None:
        raise KeyUnknown(f"no key in VAULT_KEYS opens the value at {at}")
    return _decrypt(key, value[1 + _NAME :], at)


def is_current(sealed: bytes | memoryview) -> bool:
    """Whether a house-sealed value already uses the first key: rotation leaves it alone."""
    return bytes(sealed[1 : 1 + _NAME]) == next(iter(_house_keys()))


def reseal(sealed: bytes | memoryview, *, at: str) -> bytes:
    """The same value under the current house key. Rotating a subject means resealing its wrapped key only."""
    return bytes(sealed) if is_current(sealed) else seal_bytes(open_bytes(sealed, at=at), at=at)


def current_name() -> bytes:
    """The four bytes that name the current key, as they stand in sealed values from the second byte on."""
    return next(iter(_house_keys()))


def blind_index(kind: str, value: str) -> bytes:
    """A keyed digest (32 bytes) to find equal values without reading them. `kind` keeps e-mails and devices
    apart."""
    return _mac(f"{kind}|{value}")


def derive(purpose: str, value: str) -> bytes:
    """A secret (32 bytes) that can be made again from the same value, as a repeated request must get its
    receipt."""
    return _mac(f"derive|{purpose}|{value}")


def _mac(message: str) -> bytes:
    return hmac.new(_index_key(), message.encode(), hashlib.sha256).digest()


def _decrypt(key: bytes, value: bytes, at: str) -> bytes:
    try:
        return AESGCM(key).decrypt(value[:_NONCE], value[_NONCE:], at.encode())
    except (InvalidTag, ValueError) as error:
        raise Tampered(f"the value at {at} does not open in its place") from error


def _house_keys() -> dict[bytes, bytes]:
    return _parse_keys(tuple(getattr(settings, "VAULT_KEYS", ())))


@functools.lru_cache(maxsize=8)
def _parse_keys(texts: tuple[str, ...]) -> dict[bytes, bytes]:
    if not texts:
        raise ImproperlyConfigured("VAULT_KEYS is empty: give at least one base64 key of 32 bytes")
    # "version:key" is fine too: a key is known by its digest, so the version is for people.
    keys = [_parse_key("VAULT_KEYS", text.strip().rpartition(":")[2]) for text in texts]
    return {hashlib.sha256(b"name|" + key).digest()[:_NAME]: key for key in keys}


def _index_key() -> bytes:
    return _parse_key("BLIND_INDEX_KEY", getattr(settings, "BLIND_INDEX_KEY", ""))


@functools.lru_cache(maxsize=16)
def _parse_key(setting: str, text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise ImproperlyConfigured(f"{setting} holds a value that is not base64") from error
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{setting} holds a key of {len(key)} bytes, 32 are needed")
    return key
