"""The metadata of the TUF repository in which lists are published. Pure: bytes in, bytes out.

One repository, one root for the whole country; one delegated role per operator, which alone may name files
below `<operator>/`. The delegated metadata is handed only to its operator, so that no one sees the names,
sizes or digests of another's lists; `snapshot` binds each delegated file by digest, so that one operator's
metadata can never pass for another's. Why not one repository per operator: docs/adr, "One root of
trust".

    root, targets      three keys each, two must sign, keys may stay offline
    <operator>         signed by the same keys as targets: no list is published without two of three
    <operator>.hold    one online key, for `<operator>/hold/` alone; its limits are signed in targets
    <operator>.removal one online key, for `<operator>/removal/` alone; clients take nothing that adds from it
    snapshot, timestamp  one key each, online

    public.statistics  one online key, for `statistics/` alone: the public figures, whose page anyone may have

The two online roles stand before the operator's own in `targets` and end the search, so that they alone
speak for their paths, and for no other.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from aduan.blocklists.tuf_library import (
    CryptoSigner,
    DelegatedRole,
    Delegations,
    DeserializationError,
    JSONSerializer,
    Metadata,
    MetaFile,
    Role,
    Root,
    Snapshot,
    SSlibKey,
    Targets,
    Timestamp,
)
from aduan.blocklists.tuf_library import TargetFile as _TargetFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ROOT, TARGETS, SNAPSHOT, TIMESTAMP = "root", "targets", "snapshot", "timestamp"
NotMetadata = DeserializationError  # what `read` raises
TOP_ROLES = (ROOT, TARGETS, SNAPSHOT, TIMESTAMP)
HOLD, REMOVAL = "hold", "removal"
ONLINE_ROLES = (HOLD, REMOVAL)  # of each operator, as `telkomsel.hold`
STATISTICS = "statistics"
PUBLIC_STATISTICS = f"public.{STATISTICS}"  # the role of that key; with a dot, so it is no operator's
ONLINE_KEYS = (*ONLINE_ROLES, STATISTICS)
KEYS_PER_ROLE = {ROOT: 3, TARGETS: 3, SNAPSHOT: 1, TIMESTAMP: 1}
THRESHOLDS = {ROOT: 2, TARGETS: 2, SNAPSHOT: 1, TIMESTAMP: 1, **dict.fromkeys(ONLINE_KEYS, 1)}
LIFETIMES = {
    ROOT: dt.timedelta(days=365),
    TARGETS: dt.timedelta(days=40),
    SNAPSHOT: dt.timedelta(days=7),
    TIMESTAMP: dt.timedelta(hours=24),
    **dict.fromkeys(ONLINE_KEYS, dt.timedelta(days=7)),
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


@dataclass(frozen=True, slots=True)
class HoldLimits:
    """What clients refuse from the role `hold`, signed in `targets`.

    A hold that ends later than so many hours after its list was made, a list of more entries, and a second
    hold of a number within so many days: it ends when the first one did.
    """

    longest_hours: int
    most_entries: int
    again_after_days: int

    def as_dict(self) -> dict[str, int]:
        return asdict(self)


def base_role(role: str) -> str:
    """Whose keys, threshold and lifetime count: an operator's role goes by those of targets."""
    if role in TOP_ROLES:
        return role
    online = role.rpartition(".")[2]
    return online if "." in role and online in ONLINE_KEYS else TARGETS


def online_role(operator: str, which: str) -> str:
    """The name of an operator's online role; a code has no dot, so it is no operator's name."""
    return f"{operator}.{which}"


def role_of_file(name: str) -> str:
    """`3.telkomsel.hold.json` → `telkomsel.hold`."""
    return name.removesuffix(".json").partition(".")[2]


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
    online: Mapping[str, Ed25519PublicKey],
    limits: HoldLimits,
    files: Iterable[Target],
    version: int,
    at: dt.datetime,
) -> Metadata[Targets]:
    """The top page of targets: the public key of the lists, three delegations per operator, public figures.

    `online`: the keys of the online roles; a role without one is not delegated.
    """
    held = [SSlibKey.from_crypto(key) for key in keys]
    ours = {which: SSlibKey.from_crypto(key) for which, key in online.items()}
    roles = {}
    if figures := ours.get(STATISTICS):
        roles[PUBLIC_STATISTICS] = _terminating(PUBLIC_STATISTICS, [figures], 1, [f"{STATISTICS}/*/*"])
    for operator in sorted(operators):
        for which in sorted(set(ONLINE_ROLES) & set(ours)):
            name = online_role(operator, which)
            roles[name] = _terminating(
                name, [ours[which]], THRESHOLDS[which], online_patterns(operator, which)
            )
        roles[operator] = _terminating(operator, held, THRESHOLDS[TARGETS], patterns(operator))
    return Metadata(
        Targets(
            version=version,
            expires=expiry(TARGETS, at=at),
            targets=_by_path(files),
            delegations=Delegations({key.keyid: key for key in (*held, *ours.values())}, roles),
            unrecognized_fields={"custom": {HOLD: limits.as_dict()}},
        )
    )


def _terminating(name: str, keys: list[SSlibKey], threshold: int, paths: list[str]) -> DelegatedRole:
    return DelegatedRole(name, [key.keyid for key in keys], threshold, terminating=True, paths=paths)


def online_patterns(operator: str, which: str) -> list[str]:
    """The newest manifest and the lists of an online role: nothing outside its own folder."""
    return [f"{operator}/{which}/*", f"{operator}/{which}/*/*"]


def limits_of(page: Metadata[Targets]) -> HoldLimits | None:
    """The limits that a page of targets carries; None before the first one that does."""
    said = page.signed.unrecognized_fields.get("custom", {}).get(HOLD)
    return HoldLimits(**said) if said else None


def patterns(operator: str) -> list[str]:
    """The paths an operator's role may name (`*` does not cross a `/`): its latest pages and its lists."""
    return [f"{operator}/*", f"{operator}/*/*/*"]


def operator_targets(
    role: str, files: Iterable[Target], *, version: int, at: dt.datetime
) -> Metadata[Targets]:
    """The page of an operator's own role, of one of its online ones, or of the public figures."""
    return Metadata(Targets(version=version, expires=expiry(role, at=at), targets=_by_path(files)))


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
    """Raises NotMetadata (a RepositoryError) for anything else."""
    return Metadata.from_bytes(body)


def key_id(key: Ed25519PublicKey) -> str:
    """The name of a key in metadata."""
    return str(SSlibKey.from_crypto(key).keyid)


def missing_online_signatures(page: Metadata[Any], *, role: str, targets_page: Metadata[Targets]) -> int:
    """How many more signatures a page of an online role needs; 1 when `targets` does not name the role."""
    if role not in ((targets_page.signed.delegations and targets_page.signed.delegations.roles) or {}):
        return 1
    result = targets_page.signed.get_verification_result(role, page.signed_bytes, page.signatures)
    return max(0, result.threshold - len(result.signed))


def missing_signatures(page: Metadata[Any], *, role: str, trusted_root: Metadata[Root]) -> int:
    """How many more signatures a page needs; 0 when the threshold is met by keys that the root names."""
    base = trusted_root.signed.roles[base_role(role)]
    good = trusted_root.signed.get_verification_result(
        base_role(role), page.signed_bytes, page.signatures
    ).signed
    return max(0, base.threshold - len(good))


def targets_in(body: bytes) -> list[Target]:
    """The files that a page of targets names."""
    named = read(body).signed.targets
    return [Target(path, file.length, file.hashes["sha256"]) for path, file in named.items()]


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
