"""The metadata of the TUF repository in which lists are published. Pure: bytes in, bytes out.

One repository, one root for the whole country; one delegated role per operator, which alone may name files
below `<operator>/`. The delegated metadata is handed only to its operator, so that no one sees the names,
sizes or digests of another's lists; `snapshot` binds each delegated file by digest, so that one operator's
metadata can never pass for another's. Why not one repository per operator: docs/adr, "One root of
trust".

    root, targets      three keys each, two must sign, keys may stay offline
    <operator>         signed by the same keys as targets: no list is published without two of three
    snapshot, timestamp  one key each, online
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from securesystemslib.signer import CryptoSigner, SSlibKey
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Role,
    Root,
    Snapshot,
    Targets,
    Timestamp,
)
from tuf.api.metadata import TargetFile as _TargetFile
from tuf.api.serialization.json import JSONSerializer

from aduan.blocklists.signing import fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ROOT, TARGETS, SNAPSHOT, TIMESTAMP = "root", "targets", "snapshot", "timestamp"
TOP_ROLES = (ROOT, TARGETS, SNAPSHOT, TIMESTAMP)
KEYS_PER_ROLE = {ROOT: 3, TARGETS: 3, SNAPSHOT: 1, TIMESTAMP: 1}
THRESHOLDS = {ROOT: 2, TARGETS: 2, SNAPSHOT: 1, TIMESTAMP: 1}
LIFETIMES = {
    ROOT: dt.timedelta(days=365),
    TARGETS: dt.timedelta(days=40),
    SNAPSHOT: dt.timedelta(days=7),
    TIMESTAMP: dt.timedelta(hours=24),
}
PUBLIC_KEY_TARGET = "lists.pem"
_SERIALIZER = JSONSerializer(compact=True)


@dataclass(frozen=True, slots=True)
class Target:
    """A file that the repository vouches for: path below the root of targets, length and SHA-256 in hex.

    `audit_head`: of a manifest, what it says about the audit log; it stands in the metadata as well.
    """

    path: str
    size: int
    sha256: str
    audit_head: Mapping[str, Any] | None = None


def base_role(role: str) -> str:
    """Whose keys, threshold and lifetime count: an operator's role goes by those of targets."""
    return role if role in TOP_ROLES else TARGETS


def expiry(role: str, *, at: dt.datetime) -> dt.datetime:
    return at.astimezone(dt.UTC).replace(microsecond=0) + LIFETIMES[base_role(role)]


def file_name(role: str, version: int) -> str:
    """The name under which a client asks for metadata (timestamp alone carries no version)."""
    return "timestamp.json" if role == TIMESTAMP else f"{version}.{role}.json"


def root(keys: Mapping[str, Iterable[Ed25519PublicKey]], *, version: int, at: dt.datetime) -> Metadata[Root]:
    """`keys`: the public keys of each top role. Raises ValueError when a role has too few or a key twice."""
    known = {name: [SSlibKey.from_crypto(key) for key in keys[name]] for name in TOP_ROLES}
    for name, held in known.items():
        if len({key.keyid for key in held}) != KEYS_PER_ROLE[name]:
            raise ValueError(f"{name} needs {KEYS_PER_ROLE[name]} different keys")
    return Metadata(
        Root(
            version=version,
            expires=expiry(ROOT, at=at),
            keys={key.keyid: key for held in known.values() for key in held},
            roles={name: Role([key.keyid for key in held], THRESHOLDS[name]) for name, held in known.items()},
            consistent_snapshot=True,
        )
    )


def targets(
    operators: Iterable[str],
    *,
    keys: Iterable[Ed25519PublicKey],
    files: Iterable[Target],
    version: int,
    at: dt.datetime,
) -> Metadata[Targets]:
    """The top page of targets: the public key of the lists, and one delegation per operator."""
    held = [SSlibKey.from_crypto(key) for key in keys]
    roles = {
        name: DelegatedRole(
            name, [key.keyid for key in held], THRESHOLDS[TARGETS], terminating=True, paths=patterns(name)
        )
        for name in sorted(operators)
    }
    return Metadata(
        Targets(
            version=version,
            expires=expiry(TARGETS, at=at),
            targets=_by_path(files),
            delegations=Delegations({key.keyid: key for key in held}, roles),
        )
    )


def patterns(operator: str) -> list[str]:
    """The paths an operator's role may name (`*` does not cross a `/`): its latest pages and its lists."""
    return [f"{operator}/*", f"{operator}/*/*/*"]


def operator_targets(
    operator: str, files: Iterable[Target], *, version: int, at: dt.datetime
) -> Metadata[Targets]:
    return Metadata(Targets(version=version, expires=expiry(operator, at=at), targets=_by_path(files)))


def snapshot(pages: Mapping[str, tuple[int, bytes]], *, version: int, at: dt.datetime) -> Metadata[Snapshot]:
    """`pages`: version and bytes of targets and of every operator's role."""
    meta = {
        f"{name}.json": MetaFile.from_data(number, body, ["sha256"])
        for name, (number, body) in sorted(pages.items())
    }
    return Metadata(Snapshot(version=version, expires=expiry(SNAPSHOT, at=at), meta=meta))


def timestamp(
    snapshot_version: int, snapshot_body: bytes, *, version: int, at: dt.datetime
) -> Metadata[Timestamp]:
    meta = MetaFile.from_data(snapshot_version, snapshot_body, ["sha256"])
    return Metadata(Timestamp(version=version, expires=expiry(TIMESTAMP, at=at), snapshot_meta=meta))


def sign(page: Metadata[Any], keys: Iterable[Ed25519PrivateKey]) -> None:
    """Add a signature of each key to the page; a key that signed before signs anew."""
    for key in keys:
        page.sign(CryptoSigner(key), append=True)


def as_bytes(page: Metadata[Any]) -> bytes:
    return page.to_bytes(_SERIALIZER)


def read(body: bytes) -> Metadata[Any]:
    """Raises tuf's DeserializationError (a RepositoryError) for anything that is not metadata."""
    return Metadata.from_bytes(body)


def key_fingerprints(root_page: Metadata[Root]) -> list[tuple[str, str]]:
    """(role, fingerprint) of every key that a root names."""
    signed = root_page.signed
    return [
        (role, fingerprint(Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.keyval["public"]))))
        for role in TOP_ROLES
        for key in (signed.keys[keyid] for keyid in signed.roles[role].keyids)
    ]


def page_facts(page: Metadata[Any]) -> list[str]:
    """What a key holder signs, a fact a line, sorted within its kind so that two pages can be compared."""
    signed = page.signed
    facts = [f"{signed.type}, version {signed.version}, valid until {signed.expires:%Y-%m-%d %H:%M} UTC"]
    if isinstance(signed, Root):
        for name in TOP_ROLES:
            facts.append(f"{name}: {signed.roles[name].threshold} of {len(signed.roles[name].keyids)} sign")
        facts += [f"key of {role}: {value}" for role, value in key_fingerprints(page)]
    if isinstance(signed, Targets):
        facts += [
            f"operator {name}" for name in sorted((signed.delegations and signed.delegations.roles) or ())
        ]
        facts += [
            f"file {path}, {file.length} bytes, sha256 {file.hashes['sha256']}"
            for path, file in sorted(signed.targets.items())
        ]
    return facts


def missing_signatures(page: Metadata[Any], *, role: str, trusted_root: Metadata[Root]) -> int:
    """How many more signatures a page needs; 0 when the threshold is met by keys that the root names."""
    base = trusted_root.signed.roles[base_role(role)]
    good = trusted_root.signed.get_verification_result(
        base_role(role), page.signed_bytes, page.signatures
    ).signed
    return max(0, base.threshold - len(good))


def _by_path(files: Iterable[Target]) -> dict[str, _TargetFile]:
    return {
        file.path: _TargetFile(
            file.size,
            {"sha256": file.sha256},
            file.path,
            {"custom": {"audit_head": dict(file.audit_head)}} if file.audit_head else None,
        )
        for file in sorted(files, key=lambda file: file.path)
    }
