"""The sandbox: an operator of its own whose lists hold numbers that no one has, for engineers to try out.

Its numbers are canaries, which lie in ranges that no operator holds and rest on no case. So its lists,
clocks, webhooks and keys are real, and what is reported about its numbers ends in the sandbox.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from aduan.accounts.roles import Permission
from aduan.blocklists.models import BlockList, Canary, ListSeries, ListType
from aduan.blocklists.services import building
from aduan.blocklists.services.canaries import create_canary, remove_canary
from aduan.blocklists.services.publishing import publish
from aduan.core import audit_log
from aduan.core.audit_actions import AuditAction
from aduan.core.periods import local_date, month_of
from aduan.operators.models import Operator

if TYPE_CHECKING:
    from aduan.accounts.models import User

CODE: Final = "sandbox"
FIRST_NUMBERS: Final = 12
EVERY: Final = dt.timedelta(hours=6)  # so often something happens in it
_PREFIX: Final = "62840"
_CATEGORIES: Final = ("HADIAH", "INVESTASI", "LOKER")


@transaction.atomic
def open_sandbox(*, by: User, at: dt.datetime) -> Operator:
    """The sandbox with its first numbers; one that exists is left as it is. `refresh_sandbox` lists them.

    `by` manages lists. Raises Invalid `canary_assigned` once an operator holds the range of its numbers.
    """
    by.require(Permission.RELEASE_LISTS)
    found = _sandbox()
    if found is not None:
        return found
    sandbox = Operator.objects.create(
        code=CODE,
        name="Sandbox",
        legal_name="Sandbox",
        kind=Operator.Kind.MOBILE,
        obligation=Operator.Obligation.MANDATORY,
        active=DateRange(local_date(at), None),
        source="sandbox",
        is_sandbox=True,
    )
    audit_log.record(AuditAction.SANDBOX_OPEN, actor=f"user:{by.pk}", subject=f"operator:{sandbox.pk}", at=at)
    for _turn in range(FIRST_NUMBERS):
        _pretend_number(sandbox, by=by, at=at)
    return sandbox


def refresh_sandbox(*, at: dt.datetime) -> BlockList | None:
    """Let something happen in it: numbers come, one goes, a list is published. None when it is early."""
    sandbox = _sandbox()
    if sandbox is None:
        return None
    newest = _newest(sandbox)
    if newest is not None:
        if at - newest.as_of < EVERY:
            return None
        _pretend_change(sandbox, at=at)
    built = building.build_list(sandbox, period=month_of(at), kind=ListType.INTERIM, at=at)
    if built is not None:
        publish(built, at=at)
        built.refresh_from_db()
    return built


@transaction.atomic
def _pretend_change(sandbox: Operator, *, at: dt.datetime) -> None:
    current = Canary.objects.filter(operator=sandbox, until__gt=local_date(at)).order_by("pk")
    oldest = current.select_related("created_by").first()
    if oldest is None:
        return
    remove_canary(oldest, by=oldest.created_by, at=at)
    for _turn in range(2 if current.count() < FIRST_NUMBERS else 1):
        _pretend_number(sandbox, by=oldest.created_by, at=at)


def _pretend_number(sandbox: Operator, *, by: User, at: dt.datetime) -> None:
    """Spread over the range like real ones, and never one that was used before."""
    nth = Canary.objects.filter(operator=sandbox).count()
    spread = int.from_bytes(hashlib.sha256(f"sandbox:{nth}".encode()).digest()[:4], "big") % 100_000
    number = f"{_PREFIX}{spread:05d}{nth % 1000:03d}"
    create_canary(sandbox, number=number, category=_CATEGORIES[nth % len(_CATEGORIES)], by=by, at=at)


def _sandbox() -> Operator | None:
    """That of operators; platforms have one of their own."""
    return Operator.objects.filter(is_sandbox=True).exclude(kind=Operator.Kind.OTT).first()


def _newest(sandbox: Operator) -> BlockList | None:
    lists = BlockList.objects.filter(operator=sandbox, series=ListSeries.BLOCK)
    return lists.filter(state=BlockList.State.PUBLISHED).order_by("-sequence").first()
