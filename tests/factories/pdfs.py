"""PDF files as banks, offices and phones make them: protected by passwords, tall, with things around them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_PADDING = bytes.fromhex("28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a")
_IDENTIFIER = bytes(range(40, 56))  # with both parentheses among its bytes


def document(
    *,
    width: int = 595,
    height: int = 842,
    lines: Sequence[tuple[int, str]] = (),
    size: int = 12,
    extra: Sequence[bytes] = (),
    trailer: bytes = b"",
) -> bytes:
    """One page with lines of text, each at its distance from the top in points."""
    words = b"".join(
        b"BT /F1 %d Tf 40 %d Td (%s) Tj ET\n" % (size, height - top, text.encode()) for top, text in lines
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 %d %d] /Resources << /Font << /F1 4 0 R >> >> %s >>"
        % (width, height, b"/Contents 5 0 R" if words else b""),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(words), words),
        *extra,
    ]
    body, places = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer\n<< /Size %d /Root 1 0 R %s >>\n" % (len(objects) + 1, trailer)
    return body + table + end + b"startxref\n%d\n%%%%EOF\n" % len(body)


def protected(*, revision: int, user: str = "", owner: str = "pemilik", literal: bool = False) -> bytes:
    """An empty page: with the password `user` it opens for no one else, with `owner` alone for everyone."""
    entries = _revision_6(user) if revision >= 5 else _revision_2_to_4(revision, user, owner)
    text = b"<< /Filter /Standard /R %d " % revision
    for name, value in entries.items():
        if isinstance(value, bytes) and not name.startswith("CF"):
            shown = _literal(value) if literal else b"<" + value.hex().encode() + b">"
        else:
            shown = value if isinstance(value, bytes) else b"%d" % value
        text += b"/" + name.encode() + b" " + shown + b" "
    pair = (_literal(_IDENTIFIER) if literal else b"<" + _IDENTIFIER.hex().encode() + b">") * 2
    return document(extra=[text + b">>"], trailer=b"/Encrypt 6 0 R /ID [" + pair + b"]")


def _literal(value: bytes) -> bytes:
    for byte, escaped in (
        (b"\\", b"\\\\"),
        (b"(", b"\\("),
        (b")", b"\\)"),
        (b"\r", b"\\r"),
        (b"\n", b"\\012"),
    ):
        value = value.replace(byte, escaped)
    return b"(" + value + b")"


def _revision_2_to_4(revision: int, user: str, owner: str) -> dict[str, int | bytes]:
    """ISO 32000-1, algorithms 2 to 5."""
    length = 5 if revision == 2 else 16
    key = _md5(_padded(owner))
    for _turn in range(50 if revision >= 3 else 0):
        key = _md5(key)
    rounds = range(20 if revision >= 3 else 1)
    owner_entry = _padded(user)
    for turn in rounds:
        owner_entry = _rc4(bytes(byte ^ turn for byte in key[:length]), owner_entry)
    permissions = -44
    seed = _padded(user) + owner_entry + (permissions & 0xFFFFFFFF).to_bytes(4, "little") + _IDENTIFIER
    key = _md5(seed)
    for _turn in range(50 if revision >= 3 else 0):
        key = _md5(key[:length])
    if revision == 2:
        user_entry = _rc4(key[:5], _PADDING)
    else:
        user_entry = _md5(_PADDING + _IDENTIFIER)
        for turn in rounds:
            user_entry = _rc4(bytes(byte ^ turn for byte in key[:16]), user_entry)
        user_entry += bytes(16)
    entries: dict[str, int | bytes] = {"V": {2: 1, 3: 2, 4: 4}[revision], "P": permissions}
    entries |= {"O": owner_entry, "U": user_entry, "Length": length * 8}
    if revision == 4:
        entries |= _crypt_filter(b"/CFM /AESV2 /Length 16")
    return entries


def _revision_6(user: str) -> dict[str, int | bytes]:
    """ISO 32000-2, algorithms 8 to 10, with a file key of zeros and the owner's password of the user."""
    salts = b"salt-one", b"salt-two"
    user_entry = _hash(user.encode(), salts[0], b"") + b"".join(salts)
    user_key = _aes(_hash(user.encode(), salts[1], b""), bytes(32))
    owner_entry = _hash(b"pemilik", salts[0], user_entry) + b"".join(salts)
    owner_key = _aes(_hash(b"pemilik", salts[1], user_entry), bytes(32))
    plain = (0xFFFFFFFFFFFFFFD4).to_bytes(8, "little") + b"Tadb1234"
    permissions = Cipher(algorithms.AES(bytes(32)), modes.CBC(bytes(16))).encryptor().update(plain)
    entries: dict[str, int | bytes] = {"V": 5, "P": -44, "Length": 256, "O": owner_entry, "U": user_entry}
    entries |= {"OE": owner_key, "UE": user_key, "Perms": permissions}
    return entries | _crypt_filter(b"/CFM /AESV3 /Length 32")


def _crypt_filter(rest: bytes) -> dict[str, int | bytes]:
    return {"CF": b"<< /StdCF << /AuthEvent /DocOpen " + rest + b" >> >> /StmF /StdCF /StrF /StdCF"}


def _hash(password: bytes, salt: bytes, user: bytes) -> bytes:
    key, turn = hashlib.sha256(password + salt + user).digest(), 0
    while True:
        block = (
            Cipher(algorithms.AES(key[:16]), modes.CBC(key[16:32]))
            .encryptor()
            .update((password + key + user) * 64)
        )
        kind = ("sha256", "sha384", "sha512")[int.from_bytes(block[:16], "big") % 3]
        key, turn = hashlib.new(kind, block).digest(), turn + 1
        if turn >= 64 and block[-1] <= turn - 32:
            return key[:32]


def _aes(key: bytes, data: bytes) -> bytes:
    return Cipher(algorithms.AES(key), modes.CBC(bytes(16))).encryptor().update(data)


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def _padded(password: str) -> bytes:
    return (password.encode() + _PADDING)[:32]


def _rc4(key: bytes, data: bytes) -> bytes:
    state, j = list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    out, i, j = bytearray(), 0, 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)
