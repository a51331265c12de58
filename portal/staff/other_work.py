"""Work that is no case of the queue, with its counts: operators' refusals and numbers without an operator."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Value
from django.urls import reverse
from django.utils.translation import gettext as _

from aduan.accounts.roles import Permission
from aduan.blocklists.queries import refusals_to_settle
from aduan.cases.queries import COUNTED_UP_TO
from aduan.numbers.models import RoutingTask

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django_stubs_ext import StrOrPromise

    from aduan.accounts.models import User


@dataclass(frozen=True, slots=True)
class OtherWork:
    label: str
    address: str
    count: int


def other_work(by: User) -> list[OtherWork]:
    """What this person may open of it; counted up to 99, then 100. One statement."""
    waiting: dict[str, tuple[StrOrPromise, QuerySet[Any]]] = {}
    if by.has_permission(Permission.DECIDE):
        waiting["operator_refusals"] = _("Operators' refusals"), refusals_to_settle()
    if by.has_permission(Permission.VIEW_REGISTER):
        waiting["routing_tasks"] = _("Whose number is it?"), RoutingTask.objects.filter(resolved_at=None)
    rows = [
        found.order_by().values_list(Value(name))[: COUNTED_UP_TO + 1]
        for name, (_label, found) in waiting.items()
    ]
    counts = Counter(name for (name,) in rows[0].union(*rows[1:], all=True)) if rows else {}
    return [
        OtherWork(str(label), reverse(f"staff:{name}"), counts[name]) for name, (label, _f) in waiting.items()
    ]
