"""The register's acts: enter a number, route it, protect it."""

from aduan.numbers.services.protection import load_reference, protect, unprotect
from aduan.numbers.services.registration import register
from aduan.numbers.services.routing import (
    declare_not_ours,
    end_override,
    override_holder,
    route_many,
    settle_task,
)

__all__ = [
    "declare_not_ours",
    "end_override",
    "load_reference",
    "override_holder",
    "protect",
    "register",
    "route_many",
    "settle_task",
    "unprotect",
]
