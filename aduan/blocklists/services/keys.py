"""Private keys as files `<role>-<n>.pem` (0600) in KEYS_DIR. A key that is not there signs elsewhere.

Roles: root and targets (three keys, two sign), snapshot, timestamp, and lists (the detached signatures).
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from aduan.blocklists import signing, tuf_metadata
from aduan.core.errors import WrongState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LISTS = "lists"
COUNTS = {**tuf_metadata.KEYS_PER_ROLE, LISTS: 1}


def folder() -> Path:
    return Path(settings.KEYS_DIR)


def path_of(role: str, number: int) -> Path:
    return folder() / f"{role}-{number}.pem"


def create(*, roles: tuple[str, ...] = tuple(COUNTS)) -> list[Path]:
    """Make every key of these roles that has neither a private nor a public file yet; the new files."""
    made = []
    with _locked():
        for role in roles:
            for number in range(1, COUNTS[role] + 1):
                if not _public_path(role, number).exists():
                    made.append(_write_new(role, number))
    return made


def replace(role: str, number: int) -> Path:
    """A new key in the place of an old one; the old files stay beside it as `.old`.

    Sign a new root after it.
    """
    with _locked():
        for path in (path_of(role, number), _public_path(role, number)):
            if path.exists():
                path.rename(path.with_suffix(path.suffix + ".old"))
        return _write_new(role, number)


def private(role: str) -> list[Ed25519PrivateKey]:
    """The keys of a role that this machine holds."""
    paths = (path_of(role, number) for number in range(1, COUNTS[role] + 1))
    return [signing.load_private(path.read_bytes()) for path in paths if path.exists()]


def public(role: str) -> list[Ed25519PublicKey]:
    """All public keys of a role. Raises WrongState `keys_missing`."""
    paths = [_public_path(role, number) for number in range(1, COUNTS[role] + 1)]
    if not all(path.exists() for path in paths):
        raise WrongState(
            "keys_missing",
            _("Keys for “%(role)s” are missing in %(folder)s. Run: manage.py keys create")
            % {"role": role, "folder": folder()},
        )
    return [signing.load_public(path.read_bytes()) for path in paths]


def list_key() -> Ed25519PrivateKey:
    """The key of the detached signatures. Raises WrongState `keys_missing`."""
    found = private(LISTS)
    if not found:
        public(LISTS)
        raise WrongState("keys_missing", _("The private key of the lists is not on this machine."))
    return found[0]


def list_key_pem() -> bytes:
    """What operators pin or fetch: the public key of the detached signatures, as PEM."""
    return signing.public_pem(public(LISTS)[0])


def _public_path(role: str, number: int) -> Path:
    return folder() / f"{role}-{number}.pub.pem"


def _write_new(role: str, number: int) -> Path:
    key = signing.new_key()
    path = path_of(role, number)
    _write(path, signing.private_pem(key), 0o600)
    _write(_public_path(role, number), signing.public_pem(key.public_key()), 0o644)
    return path


def _write(path: Path, data: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder() / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
