"""Detached Ed25519 signatures over whole files. Pure.

`openssl pkeyutl -verify -pubin -inkey pub.pem -rawin -in F -sigfile F.sig` accepts them: the 64 bytes are the
plain signature of the file's bytes. The file is mapped, not read, so that memory does not grow with the list.
"""

from __future__ import annotations

import hashlib
import mmap
import os
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

if TYPE_CHECKING:
    from pathlib import Path


def new_key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


def private_pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def public_pem(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def load_private(pem: bytes) -> Ed25519PrivateKey:
    """Raises ValueError when the PEM holds anything but an unencrypted Ed25519 key."""
    key = serialization.load_pem_private_key(pem, password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError("not an Ed25519 private key")
    return key


def load_public(pem: bytes) -> Ed25519PublicKey:
    """Raises ValueError when the PEM holds anything but an Ed25519 public key."""
    key = serialization.load_pem_public_key(pem)
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not an Ed25519 public key")
    return key


def fingerprint(key: Ed25519PublicKey) -> str:
    """SHA-256 over the key in DER, in hex: what two people compare on the telephone.

    `openssl pkey -pubin -in KEY.PEM -outform DER | openssl dgst -sha256` prints the same.
    """
    der = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def sign_file(path: Path, key: Ed25519PrivateKey) -> bytes:
    """The 64 bytes of the signature over the file."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size == 0:
            return key.sign(b"")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as mapped, memoryview(mapped) as view:
            return key.sign(view)
