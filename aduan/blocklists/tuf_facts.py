"""What pages of the TUF repository say, in lines that key holders read and compare. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from aduan.blocklists.signing import fingerprint
from aduan.blocklists.tuf_library import Metadata, Root, Targets
from aduan.blocklists.tuf_metadata import (
    ONLINE_ROLES,
    PUBLIC_STATISTICS,
    TARGETS,
    TOP_ROLES,
    base_role,
    limits_of,
)

if TYPE_CHECKING:
    from securesystemslib.signer import Key


def key_fingerprints(root_page: Metadata[Root]) -> list[tuple[str, str]]:
    """(role, fingerprint) of every key that a root names."""
    signed = root_page.signed
    return [
        (role, fingerprint_of(key))
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
        facts += _delegation_facts(signed)
        facts += [
            f"file {path}, {file.length} bytes, sha256 {file.hashes['sha256']}"
            for path, file in sorted(signed.targets.items())
        ]
    return facts


def _delegation_facts(signed: Targets) -> list[str]:
    delegations = signed.delegations
    names = sorted((delegations and delegations.roles) or ())
    facts = [f"operator {name}" for name in names if base_role(name) == TARGETS]
    for which in ONLINE_ROLES:
        of_role = {
            (fingerprint_of(signed.get_key(keyid)), role.threshold)
            for role in ((delegations and delegations.roles) or {}).values()
            if base_role(role.name) == which
            for keyid in role.keyids
        }
        facts += [f"online role {which} of each operator: key {value}" for value, _number in sorted(of_role)]
    if figures := ((delegations and delegations.roles) or {}).get(PUBLIC_STATISTICS):
        facts += [
            f"online role of the public figures: key {fingerprint_of(signed.get_key(keyid))}"
            for keyid in figures.keyids
        ]
    if limits := limits_of(Metadata(signed)):
        facts += [f"holds: {name.replace('_', ' ')} {value}" for name, value in limits.as_dict().items()]
    return facts


def fingerprint_of(key: Key) -> str:
    """Of a key as metadata name it."""
    return fingerprint(Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.keyval["public"])))
