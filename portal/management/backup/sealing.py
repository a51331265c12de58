"""Files in the age format, encrypted to one X25519 recipient, installed whole or not at all."""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pyrage
from django.conf import settings
from django.core.management import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable

SUFFIX = ".age"


def new_identity() -> tuple[str, str]:
    """(secret identity, public recipient), as `age-keygen` makes them."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def recipient() -> pyrage.x25519.Recipient:
    """Whom backups are encrypted to. Raises CommandError when none is set."""
    try:
        return pyrage.x25519.Recipient.from_str(settings.BACKUP_RECIPIENT)
    except pyrage.RecipientError as error:
        raise CommandError(
            "ADUAN_BACKUP_RECIPIENT must be an age1… key: `manage.py backup keygen` makes one, elsewhere."
        ) from error


def identity_from(path: Path) -> pyrage.x25519.Identity:
    """The secret half from a file as `age-keygen` writes it. Raises CommandError."""
    try:
        lines = path.read_text(encoding="ascii").split()
        return pyrage.x25519.Identity.from_str(next(line for line in lines if line.startswith("AGE-SECRET")))
    except (OSError, StopIteration, ValueError, pyrage.IdentityError) as error:
        raise CommandError(f"{path} holds no age identity: {error!r}") from error


def seal_stream(source: IO[bytes], target: Path) -> None:
    """Encrypt what `source` gives until its end."""
    install(target, lambda out: pyrage.encrypt_io(source, out, [recipient()]))


def seal_bytes(data: bytes, target: Path) -> None:
    """Compress and encrypt a small file or a WAL segment."""
    packed = pyrage.encrypt(gzip.compress(data, 1, mtime=0), [recipient()])
    install(target, lambda out: out.write(packed))


def open_bytes(path: Path, identity: pyrage.x25519.Identity) -> bytes:
    """What `seal_bytes` wrote. Raises CommandError for another key or a damaged file."""
    try:
        return gzip.decompress(pyrage.decrypt(path.read_bytes(), [identity]))
    except (pyrage.DecryptError, OSError, EOFError) as error:
        raise CommandError(f"{path} does not decrypt: {error}") from error


def open_stream(path: Path, target: Path, identity: pyrage.x25519.Identity) -> None:
    """Decrypt a file that `seal_stream` wrote. Raises CommandError."""
    try:
        pyrage.decrypt_file(str(path), str(target), [identity])
    except (pyrage.DecryptError, OSError) as error:
        raise CommandError(f"{path} does not decrypt: {error}") from error


def install(target: Path, write: Callable[[IO[bytes]], object]) -> None:
    """A file of the set, whole and on disk or not there."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = target.with_name(f".{target.name}.part")
    with part.open("wb") as out:
        part.chmod(0o600)
        write(out)
        out.flush()
        os.fsync(out.fileno())
    part.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
