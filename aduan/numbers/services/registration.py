"""A number enters the register, once, however it was spelled and however many report it at once."""

from __future__ import annotations

import datetime as dt
from typing import Final, NamedTuple

from django.db import transaction

from aduan.core.db import insert_or_ignore
from aduan.core.periods import local_date
from aduan.core.prepared import RowOf, RowsWhere
from aduan.numbers.kinds import NumberKind
from aduan.numbers.models import PhoneNumber, Routing, RoutingTask
from aduan.numbers.parsing import Parsed
from aduan.numbers.services.lookalikes import NEAR, lookalike_of
from aduan.numbers.services.routing_tasks import open_routing_task
from aduan.operators import queries as operators
from aduan.operators.models import Operator

DOMESTIC: Final = frozenset((NumberKind.MOBILE, NumberKind.LANDLINE))

# A new number as a part of the one statement that files a complaint (complaints.services.at_once).
NUMBER_ROW: Final = RowOf(PhoneNumber, "number", without=("id",))
_KNOWN: Final = RowsWhere(PhoneNumber, "canonical = %(canonical)s", {"canonical": "text"})


class Standing(NamedTuple):
    """What STANDING answers: whether the number's row, its look-alikes or its protection have to be read."""

    known: bool
    near: bool
    protected: bool
    register_version: int | None


# Of a number, in a statement that asks for other things as well: most have nothing that is to be read.
STANDING: Final = f"""
    EXISTS (SELECT FROM numbers_phonenumber WHERE canonical = %(canonical)s),
    EXISTS (SELECT FROM numbers_protectednumber WHERE {NEAR}),
    EXISTS (SELECT FROM numbers_protection(%(canonical)s)),
    ({operators.VERSION})
"""  # noqa: S608 - built of constants
_TO_BE_READ: Final = Standing(known=True, near=True, protected=True, register_version=None)


@transaction.atomic(savepoint=False)
def register(parsed: Parsed, *, at: dt.datetime) -> PhoneNumber:
    """The number's row. A new one is routed to who holds it today; staff are asked if there is none."""
    number = found_or_drafted(parsed, at=at)
    if not number._state.adding:
        return number
    if not insert_or_ignore(number):  # another connection was a moment faster: a new statement sees its row
        return PhoneNumber.objects.get(canonical=parsed.canonical)
    if number.routing == Routing.UNASSIGNED:
        open_routing_task(number, reason=RoutingTask.Reason.NO_RANGE, at=at)
    return number


def found_or_drafted(parsed: Parsed, *, at: dt.datetime, standing: Standing = _TO_BE_READ) -> PhoneNumber:
    """The number's row; that of a new one is not written yet."""
    if standing.known and (known := _KNOWN.rows({"canonical": parsed.canonical})):
        return known[0]
    operator_id, routing = _route(parsed, local_date(at), standing.register_version)
    return PhoneNumber(
        canonical=parsed.canonical,
        kind=parsed.kind,
        digits=parsed.digits,
        operator_id=operator_id,
        routing=routing,
        first_seen_at=at,
        resembles=lookalike_of(parsed.canonical, parsed.kind) if standing.near else None,
    )


def _route(parsed: Parsed, on: dt.date, version: int | None) -> tuple[int | None, Routing]:
    if parsed.kind is NumberKind.OTT_HANDLE:
        platform = Operator.objects.filter(
            code=parsed.canonical.partition(":")[0], kind=Operator.Kind.OTT
        ).values_list("pk", flat=True)
        return platform.first(), Routing.NOT_ROUTED
    if parsed.kind not in DOMESTIC or parsed.digits is None:
        return None, Routing.NOT_ROUTED
    holding = operators.holder_of(parsed.digits, on=on, version=version)
    if holding is None or not holding.routable:
        return None, Routing.UNASSIGNED
    return holding.operator_id, Routing.BY_RANGE
