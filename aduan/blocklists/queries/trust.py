"""What people compare by telephone: one fingerprint a key and file, the same everywhere."""

from __future__ import annotations

from dataclasses import dataclass

from aduan.blocklists import manifest, signing, tuf_facts, tuf_metadata
from aduan.blocklists.models import TufMetadata
from aduan.blocklists.queries.repository import list_key_pem

ROOTS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """SHA-256 in hex. `name` is that of a file (`2.root.json`, `lists.pem`) or of a role's key."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Trust:
    """`roots`: files of the root of trust, the newest first; whichever one was fetched can be compared.

    `list_key`: of the detached signatures, None while this machine has no public key. `keys`: of the roles
    of the newest root, as `--show-trust` of the client prints them.
    """

    roots: list[Fingerprint]
    list_key: Fingerprint | None
    keys: list[Fingerprint]


def trust() -> Trust:
    pages = list(TufMetadata.objects.filter(role=tuf_metadata.ROOT).order_by("-version")[:ROOTS_SHOWN])
    first = TufMetadata.objects.filter(role=tuf_metadata.ROOT, version=1).first()
    if first is not None and first not in pages:
        pages.append(first)
    roots = [
        Fingerprint(
            tuf_metadata.file_name(tuf_metadata.ROOT, page.version), manifest.sha256(bytes(page.body))
        )
        for page in pages
    ]
    keys = role_keys(bytes(pages[0].body)) if pages else []
    return Trust(roots, _list_key(), keys)


def role_keys(root: bytes) -> list[Fingerprint]:
    """The keys that a root names, by role."""
    return [Fingerprint(role, value) for role, value in tuf_facts.key_fingerprints(tuf_metadata.read(root))]


def _list_key() -> Fingerprint | None:
    try:
        pem = list_key_pem()
    except OSError:
        return None
    return Fingerprint(tuf_metadata.PUBLIC_KEY_TARGET, signing.fingerprint(signing.load_public(pem)))
