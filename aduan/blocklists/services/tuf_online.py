"""The online roles of the TUF repository as `targets` names them: their keys and their limits."""

from __future__ import annotations

import datetime as dt

from aduan.blocklists import tuf_metadata
from aduan.blocklists.queries import hold_limits, signed_hold_limits
from aduan.blocklists.services import keys
from aduan.blocklists.services.tuf_repository import delegated, enough, newest
from aduan.blocklists.tuf_metadata import (
    ONLINE_ROLES,
    PUBLIC_STATISTICS,
    STATISTICS,
    TARGETS,
    base_role,
    online_role,
)


def operators_named() -> set[str]:
    """Codes for which the served `targets` names a role."""
    return {role for role in delegated(newest(TARGETS)) if base_role(role) == TARGETS}


def targets_lack_something(*, at: dt.datetime) -> bool:
    """Whether the served `targets` misses an online role or a signature, or names other limits or keys."""
    page = newest(TARGETS)
    if page is None:
        return False
    served = tuf_metadata.read(bytes(page.body))
    signed = served.signed
    names = delegated(page)
    online = keys.of_online_roles()
    operators = {role for role in names if base_role(role) == TARGETS}
    wanted = {online_role(code, which) for code in operators for which in ONLINE_ROLES if which in online}
    wanted |= {PUBLIC_STATISTICS} if STATISTICS in online else set()
    known = set(signed.delegations.keys) if signed.delegations else set()
    trusted = [*online.values(), *(keys.public(TARGETS) if known else ())]
    return (
        not wanted <= names
        or not enough(TARGETS, served)
        or signed_hold_limits() != hold_limits(at=at)
        or any(tuf_metadata.key_id(key) not in known for key in trusted)
    )
