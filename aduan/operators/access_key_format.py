"""What keys and webhook secrets look like, and how they are compared. Pure.

access key      an_<8 hex: its public name>_<43 characters: 256 random bits, base64url>
webhook secret  whsec_<base64 of 32 random bytes>          (Standard Webhooks)
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import re
import secrets
from dataclasses import dataclass

KEY = re.compile(r"an_([0-9a-f]{8})_([A-Za-z0-9_-]{43})")


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key in clear: exists once, on the page that shows it."""

    text: str
    prefix: str
    hash: str

    def __repr__(self) -> str:
        return f"NewKey({self.prefix}…)"


def new_key() -> NewKey:
    prefix = secrets.token_hex(4)
    text = f"an_{prefix}_{secrets.token_urlsafe(32)}"
    return NewKey(text, prefix, hashed(text))


def hashed(text: str) -> str:
    """A plain SHA-256 is enough for 256 random bits: there is nothing to guess."""
    return hashlib.sha256(text.encode()).hexdigest()


def prefix_of(text: str) -> str | None:
    """The public name of a key, or None for anything that does not look like one."""
    match = KEY.fullmatch(text)
    return match[1] if match else None


def fits(text: str, stored_hash: str) -> bool:
    return hmac.compare_digest(hashed(text), stored_hash)


def network(text: str) -> str:
    """An address or network in its usual spelling. Raises ValueError for anything else."""
    return str(ipaddress.ip_network(text.strip(), strict=False))


def within(address: str, networks: list[str]) -> bool:
    """Whether an address lies in one of the networks; an IPv4 address in IPv6 dress counts as IPv4."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    mapped = getattr(ip, "ipv4_mapped", None)
    return any((mapped or ip) in ipaddress.ip_network(entry) for entry in networks)


def new_webhook_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


def webhook_signature(secret: str, *, uid: str, timestamp: int, body: bytes) -> str:
    """`v1,<base64 of HMAC-SHA256>` over `id.timestamp.body`, as https://www.standardwebhooks.com says."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{uid}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()
