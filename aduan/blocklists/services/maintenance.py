"""What the clock asks for: missing months, lists between months, and files that stay what they are.

Every function finds out by itself what is to be done; calling it twice, late or from two machines does no
harm.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from django.conf import settings

from aduan.blocklists.models import SERIES_OF, BlockList, ListSeries, ListSubscription, ListType
from aduan.blocklists.queries import latest, main_series
from aduan.blocklists.services import building, file_store, keys
from aduan.blocklists.services.entries import pending
from aduan.blocklists.services.file_store import ListFiles
from aduan.blocklists.services.publishing import publish, publish_due
from aduan.blocklists.tuf_metadata import LIFETIMES, TARGETS
from aduan.cases.models import Block
from aduan.core import jobs
from aduan.core.periods import Month, last_ended, local_date, month_of
from aduan.operators.models import Operator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

log = logging.getLogger(__name__)
_P = ParamSpec("_P")
_R = TypeVar("_R")
FIRST_KIND = {
    ListSeries.BLOCK: ListType.INTERIM,
    ListSeries.REFERRAL: ListType.REFERRAL,
    ListSeries.INBOUND: ListType.INBOUND,
}
RENEWED_BEFORE = dt.timedelta(days=10)  # a list that nothing changes is made again so long before it ends
OPEN = (BlockList.State.STOPPED, BlockList.State.AWAITING_PUBLICATION)


def build_missing(
    *, at: dt.datetime, until: Month | None = None, operator: Operator | None = None
) -> list[BlockList]:
    """Make every monthly list that is missing, up to the month that ended last; publish what may go out.

    An operator whose list before still waits for people gets the next one after that.
    """
    last = until or last_ended(at)
    made = []
    for receiver in receivers_of(ListSeries.BLOCK, at, only=operator):
        for period in _missing_months(receiver, last):
            block_list = guarded(building.build_list, receiver, period=period, kind=ListType.MONTHLY, at=at)
            if block_list is None:
                break
            made.append(block_list)
            guarded(publish, block_list, at=at)
            block_list.refresh_from_db()
            if block_list.state in OPEN:
                break
    return made


def build_first(*, at: dt.datetime) -> list[BlockList]:
    """The first list of every series for receivers that have none: a block list begins empty.

    So a new operator's machine has something to verify and to stand on from its first run, instead of having
    to take "there is no list" for an answer.
    """
    if settings.PRODUCTION and keys.missing_public():
        return []  # the first ceremony is still to come
    made = []
    for series, kind in FIRST_KIND.items():
        known = BlockList.objects.filter(series=series).exclude(state=BlockList.State.REJECTED)
        have_one = set(known.values_list("operator_id", flat=True))
        for receiver in receivers_of(series, at):
            if receiver.pk not in have_one:
                made += make_now(receiver, kind, at=at, only_removals=True)
    return made


def missing_lists(*, at: dt.datetime) -> list[tuple[Operator, Month]]:
    """Monthly lists of ended months that `build_missing` would have to build."""
    last = last_ended(at)
    return [
        (receiver, month)
        for receiver in receivers_of(ListSeries.BLOCK, at)
        for month in _missing_months(receiver, last)
    ]


def build_interims(*, at: dt.datetime) -> list[BlockList]:
    """Lists between months: removals at once and alone, so that nothing can hold them up.

    Then urgent blocks.
    """
    made = []
    for receiver in receivers_of(ListSeries.BLOCK, at):
        adds, goes = pending_of(receiver, ListType.INTERIM, at)
        for only_removals, wanted in ((True, goes), (False, adds)):
            if wanted and not list_waits(receiver, ListType.INTERIM, adding=not only_removals):
                made += make_now(receiver, ListType.INTERIM, at=at, only_removals=only_removals)
    return made


def build_referrals(*, at: dt.datetime) -> list[BlockList]:
    """New lists for platforms, and inbound filters where they are on, when something changed.

    Also when nothing did, before the newest one runs out.
    """
    made = []
    for series, kind in ((ListSeries.REFERRAL, ListType.REFERRAL), (ListSeries.INBOUND, ListType.INBOUND)):
        for receiver in receivers_of(series, at):
            wanted = any(pending_of(receiver, kind, at)) or _runs_out(receiver, series, at)
            if wanted and not list_waits(receiver, kind, adding=True):
                made += make_now(receiver, kind, at=at, only_removals=False)
    return made


def resume_stalled(*, at: dt.datetime) -> None:
    """The sweeper: finish what a dead worker left, publish what is due, clear what no one needs."""
    for key in jobs.runnable_keys(building.JOB):
        _take_up_build(key, at=at)
    for block_list in BlockList.objects.filter(state__in=OPEN):
        if not ListFiles(block_list).folder.exists():
            guarded(ListFiles(block_list).restore)
    publish_due(at=at)
    for block_list in BlockList.objects.filter(state=BlockList.State.PUBLISHED).order_by("-id")[:20]:
        if not ListFiles(block_list).is_compressed():
            guarded(ListFiles(block_list).compress)
    file_store.sweep(at=at)


def verify_files(*, newest: int | None = None) -> dict[int, list[str]]:
    """Read the files of published lists and restore what differs from what was signed.

    Returns the names of bad files by list.

    `newest`: only so many lists. What the database cannot make again is taken out of the way, so that it is
    not served, and is an error in the log each time until a person has looked at it.
    """
    bad: dict[int, list[str]] = {}
    lists = BlockList.objects.filter(state=BlockList.State.PUBLISHED).order_by("-id")
    for block_list in lists[:newest] if newest else lists:
        files = ListFiles(block_list)
        damaged = files.verify()
        if damaged:
            bad[block_list.pk] = damaged
            log.error("list %s: damaged on disk: %s", block_list.pk, ", ".join(damaged))
            guarded(ListFiles(block_list).restore)
            files.quarantine(files.verify())
    return bad


def receivers_of(series: ListSeries, at: dt.datetime, *, only: Operator | None = None) -> Iterator[Operator]:
    """Who gets lists of a series today, by kind and validity of the operator and by its subscriptions."""
    subscriptions = dict(ListSubscription.objects.filter(series=series).values_list("operator_id", "enabled"))
    with_main = ListSeries.BLOCK if series == ListSeries.HOLD else series  # who blocks also holds
    operators = Operator.objects.filter(active__contains=local_date(at)).order_by("code")
    for operator in operators:
        if only is not None and operator != only:
            continue
        if subscriptions.get(operator.pk, with_main == main_series(operator)):
            yield operator


def _missing_months(operator: Operator, last: Month) -> list[Month]:
    """Months without a list, oldest first: after the last one made, or just the last ended one."""
    kept = BlockList.objects.filter(operator=operator, kind=ListType.MONTHLY).exclude(
        state=BlockList.State.REJECTED
    )
    newest = kept.order_by("-period").first()
    if newest is None:
        return _first_months(operator, last)
    if newest.state in OPEN:
        return []
    return _months(Month(newest.period.year, newest.period.month).next(), last)


def _first_months(operator: Operator, last: Month) -> list[Month]:
    """The last ended month; while there is nothing to block, those since the first, empty list."""
    if Block.objects.filter(operator=operator, released_at=None, requested_action="block").exists():
        return [last]
    first = BlockList.objects.filter(operator=operator, series=ListSeries.BLOCK).order_by("period").first()
    return _months(Month(first.period.year, first.period.month), last) if first is not None else []


def _months(month: Month, last: Month) -> list[Month]:
    months = []
    while month <= last:
        months.append(month)
        month = month.next()
    return months


def _runs_out(operator: Operator, series: ListSeries, at: dt.datetime) -> bool:
    """Whether the newest list says soon that a newer one must be there. Months renew those of blocks."""
    newest = latest(operator, series)
    return newest is not None and newest.as_of + LIFETIMES[TARGETS] < at + RENEWED_BEFORE


def pending_of(operator: Operator, kind: ListType, at: dt.datetime) -> tuple[bool, bool]:
    before = (
        BlockList.objects.filter(operator=operator, series=SERIES_OF[kind], state=BlockList.State.PUBLISHED)
        .order_by("-sequence")
        .values_list("pk", flat=True)
        .first()
    )
    return pending(operator.pk, code=operator.code, kind=kind, before=before, at=at)


def list_waits(operator: Operator, kind: ListType, *, adding: bool) -> bool:
    """Whether a list of the kind waits already for people, holders or its time."""
    waiting = BlockList.objects.filter(operator=operator, kind=kind, state__in=OPEN)
    return (waiting.filter(added_count__gt=0) if adding else waiting.filter(added_count=0)).exists()


def make_now(operator: Operator, kind: ListType, *, at: dt.datetime, only_removals: bool) -> list[BlockList]:
    made = guarded(
        building.build_list, operator, period=month_of(at), kind=kind, at=at, only_removals=only_removals
    )
    if made is None:
        return []
    guarded(publish, made, at=at)
    made.refresh_from_db()
    return [made]


def _take_up_build(key: str, *, at: dt.datetime) -> None:
    """`telkomsel/2026-10/monthly-v1`: monthly lists are made from their key.

    Others are found by their need.
    """
    code, period, name = key.split("/")
    operator = Operator.objects.filter(code=code).first()
    if operator is not None and name.startswith(ListType.MONTHLY):
        year, month = period.split("-")
        guarded(
            building.build_list, operator, period=Month(int(year), int(month)), kind=ListType.MONTHLY, at=at
        )


def guarded(act: Callable[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs) -> _R | None:
    """One operator's trouble must not keep the lists of the others.

    The job queue remembers what went wrong.
    """
    try:
        return act(*args, **kwargs)
    except Exception:
        log.exception("%s failed", getattr(act, "__name__", act))
        return None
