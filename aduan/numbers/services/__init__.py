"""The register's acts: enter a number, route it, protect it."""

from aduan.numbers.services.protection import (
    covers_many,
    load_reference,
    pattern_of,
    protect,
    protect_pattern,
    unprotect,
)
from aduan.numbers.services.registration import NUMBER_ROW, STANDING, Standing, found_or_drafted, register
from aduan.numbers.services.routing import (
    end_override,
    override_holder,
    route_many,
    settle_task,
)
from aduan.numbers.services.routing_tasks import open_routing_task

__all__ = [
    "NUMBER_ROW",
    "STANDING",
    "Standing",
    "covers_many",
    "end_override",
    "found_or_drafted",
    "load_reference",
    "open_routing_task",
    "override_holder",
    "pattern_of",
    "protect",
    "protect_pattern",
    "register",
    "route_many",
    "settle_task",
    "unprotect",
]
