"""Ticket numbers that survive being read aloud, and the secret that opens one.

A ticket is nine random characters and a check character from an alphabet of 23 without look-alikes, shown as
`AN-23467-ACDEF`. 23 is prime and every weight differs, so each single wrong character and each swap of two
is noticed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import uuid
from typing import Final

from aduan.core import vault

ALPHABET: Final = "234679ACDEFGHJKMNPRTWXY"
_LENGTH: Final = 9
_PREFIX: Final = "AN"
_NO_TICKET: Final = hashlib.sha256(b"no such ticket").digest()


def new_ticket() -> str:
    """Ten characters, without prefix and dashes: the form that is stored."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))
    return body + check_character(body)


def check_character(body: str) -> str:
    total = sum((place + 2) * ALPHABET.index(character) for place, character in enumerate(body))
    return ALPHABET[-total % len(ALPHABET)]


def show(ticket: str) -> str:
    return f"{_PREFIX}-{ticket[:5]}-{ticket[5:]}"


def read(text: str) -> str | None:
    """Typed text → the stored form, or None when it cannot be a ticket.

    One mistyped character is detected.
    """
    kept = "".join(character for character in text.upper() if character.isalnum())
    if len(kept) == _LENGTH + 1 + len(_PREFIX):
        kept = kept.removeprefix(_PREFIX)
    if len(kept) != _LENGTH + 1 or any(character not in ALPHABET for character in kept):
        return None
    return kept if check_character(kept[:-1]) == kept[-1] else None


def secret_of(idempotency_key: uuid.UUID) -> str:
    """The 128-bit secret (22 characters) of the complaint that a form key made.

    Made again for a repeat, never stored.
    """
    return base64.urlsafe_b64encode(vault.derive("receipt", str(idempotency_key))[:16]).rstrip(b"=").decode()


def digest_of(secret: str) -> bytes:
    """What is stored. 128 random bits need no slow hash."""
    return hashlib.sha256(secret.encode()).digest()


def opens(secret: str, digest: bytes | memoryview | None) -> bool:
    """Compares in constant time; a missing ticket costs the same as a wrong secret."""
    known = bytes(digest) if digest is not None else _NO_TICKET
    return hmac.compare_digest(digest_of(secret), known) and digest is not None
