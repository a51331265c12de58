"""Encryption of personal data.

AES-256-GCM under versioned keys, keyed blind indexes, keys that can be shredded.

Envelope encryption: a *master key* (settings.VAULT_KEYS, base64 of 32 bytes; the first one encrypts, all of
them decrypt) wraps one random *subject key* per complaint, user or evidence file. What belongs to the subject
is encrypted under the subject key; destroying the wrapped key erases every copy of the data, also the ones in
backups.

Every ciphertext is bound to `table|column|pk` as additional authenticated data (AAD): a value moved to
another row or column does not decrypt. Nothing here touches the database.
"""

from __future__ import annotations

import base64
import binascii
import functools
import hashlib
import hmac
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

KEY_BYTES: Final = 32
_NONCE: Final = 12
_KEY_ID: Final = 4
_UNDER_MASTER_KEY: Final = b"\x01"  # format 1: version byte, id of the master key, nonce, ciphertext with tag
_UNDER_SUBJECT_KEY: Final = b"\x02"  # format 2: version byte, nonce, ciphertext with tag


class VaultError(Exception):
    """A ciphertext that cannot be decrypted: a fault or an attack, never shown to a person."""


class KeyUnknown(VaultError):
    """The value was encrypted under a key that settings.VAULT_KEYS no longer holds."""


class Tampered(VaultError):
    """The value was changed, cut, or moved to another row or column."""


class Shredded(VaultError):
    """The subject's key was destroyed: the data is erased on purpose."""


def aad_for(table: str, column: str, key: object) -> str:
    """The additional authenticated data of one value. `key` is a UUID or a key known before the insert."""
    return f"{table}|{column}|{key}"


@dataclass(frozen=True, slots=True)
class SubjectKey:
    """The key of one subject, in clear only while a service works with it."""

    raw: bytes

    def __repr__(self) -> str:
        return "SubjectKey(…)"

    def encrypt(self, text: str, *, aad: str) -> bytes:
        return self.encrypt_bytes(text.encode(), aad=aad)

    def decrypt(self, ciphertext: bytes | memoryview, *, aad: str) -> str:
        return self.decrypt_bytes(ciphertext, aad=aad).decode()

    def encrypt_bytes(self, data: bytes, *, aad: str) -> bytes:
        nonce = os.urandom(_NONCE)
        return _UNDER_SUBJECT_KEY + nonce + AESGCM(self.raw).encrypt(nonce, data, aad.encode())

    def decrypt_bytes(self, ciphertext: bytes | memoryview, *, aad: str) -> bytes:
        value = bytes(ciphertext)
        if value[:1] != _UNDER_SUBJECT_KEY:
            raise Tampered(f"not a value encrypted under a subject key: {aad}")
        return _decrypt(self.raw, value[1:], aad)


def new_subject_key(*, aad: str) -> tuple[SubjectKey, bytes]:
    """A fresh key, and the same key wrapped for the database (81 bytes)."""
    key = SubjectKey(os.urandom(KEY_BYTES))
    return key, encrypt_bytes(key.raw, aad=aad)


def unwrap(wrapped: bytes | memoryview | None, *, aad: str) -> SubjectKey:
    """Raises Shredded when there is no key any more."""
    if not wrapped:
        raise Shredded(f"the key at {aad} was destroyed")
    return SubjectKey(decrypt_bytes(wrapped, aad=aad))


def encrypt(text: str, *, aad: str) -> bytes:
    """Encrypt under the current master key: for short-lived values such as the address on an outbox row."""
    return encrypt_bytes(text.encode(), aad=aad)


def decrypt(ciphertext: bytes | memoryview, *, aad: str) -> str:
    return decrypt_bytes(ciphertext, aad=aad).decode()


def encrypt_bytes(data: bytes, *, aad: str) -> bytes:
    name, key = next(iter(_master_keys().items()))
    nonce = os.urandom(_NONCE)
    return _UNDER_MASTER_KEY + name + nonce + AESGCM(key).encrypt(nonce, data, aad.encode())


def encrypt_pieces(pieces: Iterable[bytes], *, aad: str) -> Iterator[bytes]:
    """As encrypt_bytes of all of them in one, for what need not be in memory at once."""
    name, key = next(iter(_master_keys().items()))
    nonce = os.urandom(_NONCE)
    encryptor = Cipher(algorithms.AES(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(aad.encode())
    yield _UNDER_MASTER_KEY + name + nonce
    for piece in pieces:
        yield encryptor.update(piece)
    yield encryptor.finalize() + encryptor.tag


def decrypt_bytes(ciphertext: bytes | memoryview, *, aad: str) -> bytes:
    value = bytes(ciphertext)
    if value[:1] != _UNDER_MASTER_KEY or len(value) < 1 + _KEY_ID + _NONCE:
        raise Tampered(f"not a value encrypted under a master key: {aad}")
    key = _master_keys().get(value[1 : 1 + _KEY_ID])
    if key is None:
        raise KeyUnknown(f"no key in VAULT_KEYS decrypts the value at {aad}")
    return _decrypt(key, value[1 + _KEY_ID :], aad)


def is_current(ciphertext: bytes | memoryview) -> bool:
    """Whether a value under a master key already uses the first one: rotation leaves it alone."""
    return bytes(ciphertext[1 : 1 + _KEY_ID]) == next(iter(_master_keys()))


def reencrypt(ciphertext: bytes | memoryview, *, aad: str) -> bytes:
    """The same value under the current master key. Rotation re-encrypts only the wrapped subject keys."""
    return (
        bytes(ciphertext)
        if is_current(ciphertext)
        else encrypt_bytes(decrypt_bytes(ciphertext, aad=aad), aad=aad)
    )


def has_older_keys() -> bool:
    """Whether VAULT_KEYS names a key that new values do not use."""
    return len(_master_keys()) > 1


def current_key_id() -> bytes:
    """The four bytes that identify the current key, at offset 1 of every value."""
    return next(iter(_master_keys()))


def blind_index(kind: str, value: str) -> bytes:
    """A keyed digest (32 bytes) to find equal values without reading them.

    `kind` keeps e-mails and devices apart.
    """
    return _mac(f"{kind}|{value}")


def derive(purpose: str, value: str) -> bytes:
    """A secret (32 bytes) that can be derived again from the same value.

    A repeated request must get the same receipt.
    """
    return _mac(f"derive|{purpose}|{value}")


def _mac(message: str) -> bytes:
    return hmac.digest(_index_key(), message.encode(), "sha256")


def _decrypt(key: bytes, value: bytes, aad: str) -> bytes:
    try:
        return AESGCM(key).decrypt(value[:_NONCE], value[_NONCE:], aad.encode())
    except (InvalidTag, ValueError) as error:
        raise Tampered(f"the value at {aad} does not decrypt with its AAD") from error


def _master_keys() -> dict[bytes, bytes]:
    return _parse_keys(tuple(getattr(settings, "VAULT_KEYS", ())))


@functools.lru_cache(maxsize=8)
def _parse_keys(texts: tuple[str, ...]) -> dict[bytes, bytes]:
    if not texts:
        raise ImproperlyConfigured("VAULT_KEYS is empty: give at least one base64 key of 32 bytes")
    # "version:key" is fine too: a key is known by its digest, so the version is for people.
    keys = [_parse_key("VAULT_KEYS", text.strip().rpartition(":")[2]) for text in texts]
    return {hashlib.sha256(b"name|" + key).digest()[:_KEY_ID]: key for key in keys}


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
