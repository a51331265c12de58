"""Ticket numbers that survive being read aloud, and the secret that opens one.

A ticket is nine random characters and a check character from an alphabet of 23 without look-alikes, shown as
`AN-23467-ACDEF`. 23 is prime and every weight differs, so each single wrong character and each swap of two
is noticed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
import uuid
from typing import Final

from aduan.core import vault

ALPHABET: Final = "234679ACDEFGHJKMNPRTWXY"
_LENGTH: Final = 9
_PREFIX: Final = "AN"
_LOOKALIKES: Final = str.maketrans("0OQZ", "DDD2")  # none of them is in the alphabet
_IN_A_SENTENCE: Final = re.compile(
    rf"(?<![^\W_]){_PREFIX}\W{{0,3}}([^\W_]{{5}}\W{{0,3}}[^\W_]{{5}})(?![^\W_])"
)
# Consonant and vowel in turn, read aloud in Indonesian: without look-alikes (c, l, q, v, w, x, y, z, h).
_CONSONANTS: Final = "bdfgjkmnprst"
_VOWELS: Final = "aeiou"
_SYLLABLE: Final = [consonant + vowel for vowel in _VOWELS for consonant in _CONSONANTS]
_GROUP: Final = 4
_SECRET_LENGTH: Final = 8 * _GROUP
_SYLLABLES: Final = rf"(?:[{_CONSONANTS}][{_VOWELS}]){{2}}"
_CODES: Final = re.compile(rf"(?<![^\W_])(?:kode\W+)?((?:{_SYLLABLES}\W{{0,3}}){{7}}{_SYLLABLES})(?![^\W_])")
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
    """Typed or pasted text → the stored form, or None when it holds no ticket.

    One mistyped character is detected. A pasted sentence may stand around a ticket that has its prefix.
    """
    folded = unicodedata.normalize("NFKC", text).upper()
    found = ["".join(filter(str.isalnum, folded)), *(match[1] for match in _IN_A_SENTENCE.finditer(folded))]
    return next(filter(None, map(_checked, found)), None)


def _checked(text: str) -> str | None:
    kept = "".join(filter(str.isalnum, text))
    if len(kept) == _LENGTH + 1 + len(_PREFIX):
        kept = kept.removeprefix(_PREFIX)
    kept = kept.translate(_LOOKALIKES)
    if len(kept) != _LENGTH + 1 or any(character not in ALPHABET for character in kept):
        return None
    return kept if check_character(kept[:-1]) == kept[-1] else None


def secret_of(idempotency_key: uuid.UUID) -> str:
    """The secret code of the complaint that a form key made: `bado-kife-…`, eight pronounceable groups.

    94 bits. Made again for a repeat, never stored.
    """
    value = int.from_bytes(vault.derive("receipt code", str(idempotency_key))[:16])
    letters = ""
    while len(letters) < _SECRET_LENGTH:
        value, index = divmod(value, len(_SYLLABLE))
        letters += _SYLLABLE[index]
    return _grouped(letters)


def key_together(idempotency_key: uuid.UUID, place: int) -> uuid.UUID:
    """The form key of the number at this place in one form: the first has the form's own."""
    return uuid.uuid5(idempotency_key, f"number {place}") if place else idempotency_key


def secret_for(idempotency_key: uuid.UUID, digest: bytes | memoryview) -> str:
    """The secret that this complaint's owner was given: of an early complaint the 22 characters of then."""
    code = secret_of(idempotency_key)
    return code if hmac.compare_digest(_digest(code), digest) else _early_secret_of(idempotency_key)


def read_secret(text: str) -> str:
    """Typed or pasted text → the code in groups; what is no such code (an early secret) as it is.

    Case, blanks and dashes do not count; a zero is an o and a one an i, which the alphabet makes certain. A
    pasted sentence may stand around the code.
    """
    folded = unicodedata.normalize("NFKC", text).lower().replace("0", "o").replace("1", "i")
    for candidate in ("".join(filter(str.isalnum, folded)), folded):
        if found := _CODES.search(candidate):
            return _grouped("".join(filter(str.isalnum, found[1])))
    return text.strip()


def digest_of(secret: str) -> bytes:
    """What is stored. That many random bits need no slow hash."""
    return _digest(read_secret(secret))


def _digest(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def opens(secret: str, digest: bytes | memoryview | None) -> bool:
    """Compares in constant time; a missing ticket costs the same as a wrong secret."""
    known = bytes(digest) if digest is not None else _NO_TICKET
    return hmac.compare_digest(digest_of(secret), known) and digest is not None


def _early_secret_of(idempotency_key: uuid.UUID) -> str:
    """Until 0.1.0: 128 bits in 22 characters, in which case counted."""
    return base64.urlsafe_b64encode(vault.derive("receipt", str(idempotency_key))[:16]).rstrip(b"=").decode()


def _grouped(letters: str) -> str:
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))
