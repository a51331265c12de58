"""Private keys as files `<role>-<n>.pem` (0600) in KEYS_DIR. A key that is not there signs elsewhere.

Roles: root and targets (three keys, two sign; they belong to their holders, on machines that serve nothing),
and the online ones of the process `lists`: snapshot, timestamp, hold and removal (the online roles of all
operators), statistics (the public figures), lists (the detached signatures). The public halves lie in
PUBLIC_KEYS_DIR, where every process may read them.
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
from aduan.blocklists.queries import public_key_path
from aduan.core.errors import Invalid, WrongState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LISTS = "lists"
COUNTS = {**tuf_metadata.KEYS_PER_ROLE, **dict.fromkeys(tuf_metadata.ONLINE_KEYS, 1), LISTS: 1}
OFFLINE = (tuf_metadata.ROOT, tuf_metadata.TARGETS)
ONLINE = (tuf_metadata.SNAPSHOT, tuf_metadata.TIMESTAMP, *tuf_metadata.ONLINE_KEYS, LISTS)


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
                if not public_key_path(role, number).exists():
                    made.append(_write_new(path_of(role, number), public_key_path(role, number)))
    return made


def create_elsewhere(role: str, number: int, *, to: Path) -> tuple[Path, Path]:
    """A key in a folder of its holder: the private file, and the public one that `add_public` takes.

    Raises Invalid for a number that the role does not have, FileExistsError for a key that is there.
    """
    if not 1 <= number <= COUNTS[role]:
        raise Invalid("key_number", _("This role has no key of that number."))
    to.mkdir(parents=True, exist_ok=True, mode=0o700)
    private_file, public_file = to / f"{role}-{number}.pem", to / f"{role}-{number}.pub.pem"
    _write_new(private_file, public_file)
    return private_file, public_file


def add_public(file: Path) -> str:
    """Take over the public half of a key that was made elsewhere; its fingerprint.

    Raises Invalid for a file that is none, WrongState when another key has that place already.
    """
    role, _dash, number = file.name.removesuffix(".pub.pem").partition("-")
    if role not in COUNTS or number not in map(str, range(1, COUNTS[role] + 1)):
        raise Invalid("key_name", _("A public key is called like root-1.pub.pem."))
    pem = signing.public_pem(_loaded_public(file))
    with _locked():
        place = public_key_path(role, int(number))
        if not place.exists():
            _write(place, pem, 0o644)
        elif place.read_bytes() != pem:
            raise WrongState(
                "key_there", _("Another key has this place. Replace it by: manage.py keys rotate")
            )
    return signing.fingerprint(signing.load_public(pem))


def replace(role: str, number: int, *, public_file: Path | None = None) -> Path:
    """A new key in the place of an old one; the old files stay beside it as `.old`.

    `public_file`: of a key that its holder made elsewhere. Sign a new root after it.
    """
    pem = signing.public_pem(_loaded_public(public_file)) if public_file is not None else b""
    with _locked():
        for path in (path_of(role, number), public_key_path(role, number)):
            if path.exists():
                path.rename(path.with_suffix(path.suffix + ".old"))
        if not pem:
            return _write_new(path_of(role, number), public_key_path(role, number))
        _write(public_key_path(role, number), pem, 0o644)
        return public_key_path(role, number)


def missing_public() -> list[str]:
    """Keys of which this machine does not even have the public half, such as `root-2`."""
    return [
        f"{role}-{number}"
        for role, count in COUNTS.items()
        for number in range(1, count + 1)
        if not public_key_path(role, number).exists()
    ]


def offline_keys_here() -> list[Path]:
    """Private keys of root and targets on this machine: in production they lie where nothing is served."""
    return [path for role in OFFLINE for path in _private_files(role)]


def private(role: str) -> list[Ed25519PrivateKey]:
    """The keys of a role that this machine holds."""
    return [signing.load_private(path.read_bytes()) for path in _private_files(role)]


def public(role: str) -> list[Ed25519PublicKey]:
    """All public keys of a role. Raises WrongState `keys_missing`."""
    paths = [public_key_path(role, number) for number in range(1, COUNTS[role] + 1)]
    if not all(path.exists() for path in paths):
        raise WrongState(
            "keys_missing",
            _("Keys for “%(role)s” are missing in %(folder)s. Run: manage.py keys create")
            % {"role": role, "folder": paths[0].parent},
        )
    return [signing.load_public(path.read_bytes()) for path in paths]


def of_online_roles() -> dict[str, Ed25519PublicKey]:
    """Public keys of the online roles; made here when this machine signs and has none yet.

    No ceremony is needed for them: two of three holders see their fingerprints when they sign `targets`.
    """
    signs_here = path_of(tuf_metadata.TIMESTAMP, 1).exists()
    absent = tuple(role for role in tuf_metadata.ONLINE_KEYS if not public_key_path(role, 1).exists())
    if absent and signs_here:
        create(roles=absent)
    return {
        role: signing.load_public(public_key_path(role, 1).read_bytes())
        for role in tuf_metadata.ONLINE_KEYS
        if public_key_path(role, 1).exists()
    }


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


def _private_files(role: str) -> list[Path]:
    paths = (path_of(role, number) for number in range(1, COUNTS[role] + 1))
    return [path for path in paths if path.exists()]


def _loaded_public(file: Path) -> Ed25519PublicKey:
    try:
        return signing.load_public(file.read_bytes())
    except ValueError as error:
        raise Invalid("not_a_public_key", _("This file holds no public Ed25519 key.")) from error


def _write_new(private_file: Path, public_file: Path) -> Path:
    key = signing.new_key()
    _write(private_file, signing.private_pem(key), 0o600)
    _write(public_file, signing.public_pem(key.public_key()), 0o644)
    return private_file


def _write(path: Path, data: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    public_key_path(LISTS, 1).parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    with (folder() / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
