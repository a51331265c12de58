"""The own lists: what was published, its files, its clock; and how the organisation does."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from aduan.blocklists import queries
from aduan.blocklists.codes import OutcomeStatus
from aduan.blocklists.models import BlockList, Download, ListFile, ListSeries
from aduan.blocklists.queries import Clock
from aduan.blocklists.services import start_download
from aduan.operators.actors import Actor
from aduan.operators.models import Operator
from aduan.referrals.queries import platform_figures, referrals_waiting
from portal.common.differences import named_differences, rejected_reports
from portal.common.served_lists import sent
from portal.operators.base import operator_page, render_page

OPEN_SHOWN = 50
SPANS = (30, 90, 365)


@dataclass(frozen=True, slots=True)
class Line:
    """One list as the first page shows it."""

    name: str
    block_list: BlockList
    clock: Clock | None
    late: bool
    fetched: bool
    newest: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person must know first: the newest list, who fetched it last, and what waits for an answer."""

    newest: BlockList | None
    name: str
    fetch: Download | None
    is_fetched: bool
    open: int
    late: int
    due_at: dt.datetime | None
    to_lift: int

    @property
    def to_fetch(self) -> bool:
        """Who is only asked need not fetch a list on which no one stands."""
        newest = self.newest
        return newest is not None and not self.is_fetched and (newest.count > 0 or not newest.is_voluntary)

    @property
    def calm(self) -> bool:
        return self.newest is not None and not (self.to_fetch or self.open or self.to_lift)


def standing_of(operator: Operator, running: list[Clock], now: dt.datetime) -> Standing:
    newest, series = queries.latest(operator), queries.main_series(operator)
    fetch = queries.last_fetch(operator, series)
    waiting = [clock for clock in running if clock.open]
    return Standing(
        newest,
        queries.name_of(newest) if newest else "",
        fetch,
        is_fetched=newest is not None and fetch is not None and fetch.block_list == newest,
        open=sum(clock.open for clock in waiting),
        late=sum(clock.open for clock in waiting if clock.late(now)),
        due_at=min((clock.due_at for clock in waiting if clock.obliged), default=None),
        to_lift=queries.not_reported_as_lifted(newest) if newest and not newest.is_voluntary else 0,
    )


@operator_page()
def home(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """What to do now, then the lists of the main series; another one is behind a link of its own."""
    now, main = timezone.now(), queries.main_series(actor.operator)
    asked = request.GET.get("seri", "")
    series = ListSeries(asked) if asked in ListSeries.values else main
    running = queries.clocks_of(actor.operator)
    lists = queries.lists_for(actor.operator)
    there = set(lists.order_by().values_list("series", flat=True).distinct())
    part = Paginator(lists.filter(series=series), 12).get_page(request.GET.get("halaman"))
    context = {
        "standing": standing_of(actor.operator, running, now),
        "referrals_waiting": _referrals_waiting(actor.operator),
        "lines": _lines(actor.operator, list(part), running, now),
        "part": part,
        "series": series,
        "others": [one for one in ListSeries if one != series and one in there],
        "main": main,
        "now": now,
    }
    return render_page(request, actor, "home", context)


@operator_page()
def night_shift(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """The page for a night shift: may be left open, loads itself again every minute."""
    now = timezone.now()
    running = queries.clocks_of(actor.operator)
    context = {
        "standing": standing_of(actor.operator, running, now),
        "referrals_waiting": _referrals_waiting(actor.operator),
        "now": now,
    }
    return render_page(request, actor, "watch", context)


def _referrals_waiting(operator: Operator) -> int:
    """What a platform has not yet answered; operators get none."""
    return referrals_waiting(operator) if operator.kind == Operator.Kind.OTT else 0


def _lines(operator: Operator, lists: list[BlockList], running: list[Clock], now: dt.datetime) -> list[Line]:
    fetched = set(
        Download.objects.filter(block_list__in=lists, complete=True).values_list("block_list", flat=True)
    )
    newest = queries.newest_of_each_series(operator)
    clocks = {clock.block_list.pk: clock for clock in running}
    clocks |= queries.clocks_for(one for one in lists if one.pk not in clocks)
    return [
        Line(
            queries.name_of(one),
            one,
            clock,
            late=clock is not None and clock.late(now),
            fetched=one.pk in fetched,
            newest=one.pk in newest,
        )
        for one in lists
        for clock in [clocks.get(one.pk)]
    ]


@operator_page()
def one_list(request: HttpRequest, actor: Actor, name: str) -> HttpResponseBase:
    block_list = own_list(actor, name)
    now = timezone.now()
    clock = queries.clocks_for([block_list]).get(block_list.pk)
    context = {
        "name": name,
        "list": block_list,
        "clock": clock,
        "late": clock is not None and clock.late(now),
        "parts": _by_part(queries.files_of(block_list)),
        "notice": queries.notice_of(block_list),
        "reports": queries.reports_of(actor.operator).filter(block_list=block_list)[:10],
        "host": f"{request.scheme}://{request.get_host()}",
        "trust": queries.trust(),
    }
    return render_page(request, actor, "list", context)


@operator_page()
def download(request: HttpRequest, actor: Actor, name: str, file: str) -> HttpResponseBase:
    handed = start_download(own_list(actor, name), file, to=actor.operator, by=actor.user, at=timezone.now())
    if handed is None:
        raise Http404
    return sent(request, handed)


@operator_page()
def clocks(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    now = timezone.now()
    running = [clock for clock in queries.clocks_of(actor.operator) if clock.open]
    shown_clocks = [
        {
            "clock": clock,
            "name": queries.name_of(clock.block_list),
            "late": clock.late(now),
            "numbers": queries.open_numbers(clock.block_list, limit=OPEN_SHOWN),
        }
        for clock in sorted(running, key=lambda clock: clock.due_at)
    ]
    context = {
        "clocks": shown_clocks,
        "referrals_waiting": _referrals_waiting(actor.operator),
        "now": now,
    }
    return render_page(request, actor, "clocks", context)


@operator_page()
def performance(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    days = request.GET.get("hari", "")
    span = int(days) if days in {str(known) for known in SPANS} else SPANS[0]
    now = timezone.now()
    since = now - dt.timedelta(days=span)
    found = queries.performance_of(actor.operator, since=since, until=now)
    is_platform = actor.operator.kind == Operator.Kind.OTT
    answers = [
        {"label": label, "count": found.by_answer.get(code, 0)} for code, label in OutcomeStatus.choices
    ]
    context = {
        "found": found,
        "answers": answers,
        "figures": platform_figures(actor.operator, since=since, until=now, at=now) if is_platform else None,
        "span": span,
        "spans": SPANS,
        "share": round(100 * found.in_time / found.answered) if found.answered else None,
        "open": sum(clock.open for clock in queries.clocks_of(actor.operator)),
    }
    return render_page(request, actor, "performance", context)


@operator_page()
def differences(request: HttpRequest, actor: Actor) -> HttpResponseBase:
    """What we were notified, held against the newest list: the page that the ministry sees too."""
    now, wanted = timezone.now(), request.GET.get("selisih", "")
    series = queries.main_series(actor.operator)
    found = queries.reconcile(actor.operator, at=now, series=series)
    numbers = (
        queries.differing(actor.operator, wanted, at=now, series=series)
        if wanted in queries.DIFFERENCES
        else []
    )
    context = {
        "found": found,
        "name": queries.name_of(found.block_list) if found else "",
        "alarming": found is not None and found.alarming(now),
        "differences": named_differences(found) if found else [],
        "rejected": rejected_reports(found) if found else [],
        "wanted": wanted,
        "numbers": numbers,
    }
    return render_page(request, actor, "differences", context)


@operator_page()
def public_key(request: HttpRequest, _actor: Actor) -> HttpResponseBase:
    """The key that checks the signatures; it changes only by announcement."""
    return HttpResponse(
        queries.list_key_pem(),
        content_type="application/x-pem-file",
        headers={"Content-Disposition": 'attachment; filename="lists.pem"'},
    )


def own_list(actor: Actor, name: str) -> BlockList:
    found = queries.named(actor.operator, name)
    if found is None:
        raise Http404
    return found


def _by_part(files: list[ListFile]) -> dict[str, list[ListFile]]:
    """`block`, `added`, `removed`, and the manifest last."""
    parts: dict[str, list[ListFile]] = {"block": [], "added": [], "removed": [], "manifest": []}
    for file in sorted(files, key=lambda file: not file.name.endswith(".txt")):  # the one to load comes first
        parts[file.name.partition(".")[0]].append(file)
    return parts
