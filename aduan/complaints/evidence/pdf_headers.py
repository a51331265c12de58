"""Whether a PDF arrived whole and opens without a password, from its trailer alone. Reads no page.

ISO 32000-2, 7.5.5 (trailer) and 7.6 (encryption). A file that only restricts printing or copying (an owner's
password) opens for everyone and is taken; only one that PDFium is sure not to open is called locked.
"""

from __future__ import annotations

import collections
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_OBJECT: Final = re.compile(rb"[\r\n]\d{1,10} \d{1,5} obj\b")
_LINEARIZED: Final = re.compile(rb"/Linearized\b[^>]{0,200}?/L\s{1,9}(\d{1,12})")
_ENCRYPT: Final = re.compile(rb"/Encrypt\s{1,9}(\d{1,10})\s{1,9}(\d{1,5})\s{1,9}R\b")
_IDENTIFIER: Final = re.compile(rb"/ID\s{0,9}\[\s{0,9}(?=[<(])")
_HEX: Final = re.compile(rb"<([0-9A-Fa-f\s]{0,600})>")
_ESCAPE: Final = re.compile(rb"\\([0-7]{1,3}|\r\n|[\s\S])|\r\n?")
_ESCAPED: Final = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_MOST_TRAILERS: Final = 8
_DICTIONARY: Final = 4096  # bytes
_PADDING: Final = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")


@dataclass(frozen=True, slots=True)
class PdfFacts:
    truncated: bool = False
    locked: bool = False


@dataclass(frozen=True, slots=True)
class _Encryption:
    """The entries of a standard encryption dictionary that a password is checked against."""

    revision: int
    key_length: int  # bytes
    owner: bytes
    user: bytes
    permissions: int
    identifier: bytes
    metadata: bool


def pdf_facts(data: bytes) -> PdfFacts:
    """Bytes behind the end (padding, a page of a proxy) do no harm; the beginning of an object does."""
    end = data.rfind(b"%%EOF")
    linearized = _LINEARIZED.search(data, 0, 2048)
    truncated = (
        end < 0
        or b" obj" not in data
        or _OBJECT.search(data, end) is not None
        or (linearized is not None and int(linearized[1]) > len(data))
    )
    return PdfFacts(truncated, _is_locked(data))


def _is_locked(data: bytes) -> bool:
    """False also where the dictionary cannot be understood: PDFium finds out."""
    references = dict.fromkeys(match.groups() for match in _ENCRYPT.finditer(data))
    return any(_refuses_everyone(data, *one) for one in list(references)[-_MOST_TRAILERS:])


def _refuses_everyone(data: bytes, number: bytes, generation: bytes) -> bool:
    objects = re.finditer(rb"(?<!\d)" + number + rb"\s{1,9}" + generation + rb"\s{1,9}obj\b", data)
    newest = collections.deque(objects, maxlen=1)  # an update replaces what was before
    if not newest:
        return False
    found = newest[0]
    dictionary = data[found.end() : found.end() + _DICTIONARY].split(b"endobj")[0]
    handler = re.search(rb"/Filter\s{0,9}/([A-Za-z.]{1,40})", dictionary)
    if handler is None:
        return False
    if handler[1] != b"Standard":
        return True  # a certificate or a program of its sender opens it, no one else
    entries = _encryption(dictionary, data)
    return entries is not None and not _opens(entries)


def _encryption(dictionary: bytes, data: bytes) -> _Encryption | None:
    """None when an entry is missing."""
    revision, version = _integer(dictionary, b"R"), _integer(dictionary, b"V")
    owner, user = _entry(dictionary, b"O"), _entry(dictionary, b"U")
    if not revision or not version or len(owner) < 32 or len(user) < 32:
        return None
    bits = 40 if version == 1 else 128 if version >= 4 else _integer(dictionary, b"Length") or 40
    identifier = _IDENTIFIER.search(data)
    return _Encryption(
        revision=revision,
        key_length=min(max(bits // 8, 5), 16),
        owner=owner,
        user=user,
        permissions=_integer(dictionary, b"P") or 0,
        identifier=_string(data, identifier.end()) if identifier else b"",
        metadata=re.search(rb"/EncryptMetadata\s{1,9}false", dictionary) is None,
    )


def _integer(dictionary: bytes, name: bytes) -> int | None:
    found = re.search(rb"/" + name + rb"\s{1,9}(-?\d{1,10})", dictionary)
    return int(found[1]) if found else None


def _entry(dictionary: bytes, name: bytes) -> bytes:
    found = re.search(rb"/" + name + rb"\s{0,9}(?=[<(])", dictionary)
    return _string(dictionary, found.end()) if found else b""


def _string(data: bytes, at: int) -> bytes:
    """The literal or hexadecimal string that begins here, at most 512 bytes of it."""
    if found := _HEX.match(data, at):
        digits = b"".join(found[1].split())
        return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode())
    depth, end = 0, at
    while end < min(len(data), at + 512):
        byte = data[end]
        depth += (byte == 0x28) - (byte == 0x29)
        if depth == 0:
            break
        end += 2 if byte == 0x5C else 1
    return _ESCAPE.sub(_unescaped, data[at + 1 : end])


def _unescaped(match: re.Match[bytes]) -> bytes:
    after = match[1]
    if after is None:
        return b"\n"
    if after[:1].isdigit() and after[:1] < b"8":
        return bytes([int(after, 8) & 0xFF])
    return _ESCAPED.get(after, b"" if after[:1] in b"\r\n" else after)


def _opens(entries: _Encryption) -> bool:
    """Whether the empty password is the user's password: ISO 32000-2, algorithms 6 and 11."""
    if entries.revision >= 5:
        proof = _hash_of_revision_6 if entries.revision >= 6 else _hash_of_revision_5
        return proof(entries.user[32:40]) == entries.user[:32]
    key = _file_key(entries)
    if entries.revision == 2:
        return _rc4(key, _PADDING) == entries.user[:32]
    proof_value = _md5(_PADDING + entries.identifier)
    for turn in range(20):
        proof_value = _rc4(bytes(byte ^ turn for byte in key), proof_value)
    return proof_value == entries.user[:16]


def _file_key(entries: _Encryption) -> bytes:
    """Algorithm 2, with the empty password."""
    seed = _PADDING + entries.owner[:32] + (entries.permissions & 0xFFFFFFFF).to_bytes(4, "little")
    seed += entries.identifier + (b"" if entries.metadata or entries.revision < 4 else b"\xff" * 4)
    key = _md5(seed)
    length = 5 if entries.revision == 2 else entries.key_length
    for _turn in range(50 if entries.revision >= 3 else 0):
        key = _md5(key[:length])
    return key[:length]


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()  # what the format prescribes


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 0xFF
        state[i], state[j] = state[j], state[i]
    i, j, out = 0, 0, bytearray()
    for byte in data:
        i = (i + 1) & 0xFF
        j = (j + state[i]) & 0xFF
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) & 0xFF])
    return bytes(out)


def _hash_of_revision_5(salt: bytes) -> bytes:
    return hashlib.sha256(salt).digest()


def _hash_of_revision_6(salt: bytes) -> bytes:
    """Algorithm 2.B, with the empty password."""
    key = hashlib.sha256(salt).digest()
    turn = 0
    while True:
        cipher = Cipher(algorithms.AES(key[:16]), modes.CBC(key[16:32])).encryptor()
        block = cipher.update(key * 64)
        key = (hashlib.sha256, hashlib.sha384, hashlib.sha512)[sum(block[:16]) % 3](block).digest()
        turn += 1
        if turn >= 64 and block[-1] <= turn - 32:
            return key[:32]
