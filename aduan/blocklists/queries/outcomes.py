"""What became of numbers: on which list, since when, answered how fast."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Count, Q

from aduan.blocklists.codes import WAITS_FOR_PERSON, OutcomeStatus
from aduan.blocklists.models import (
    BlockList,
    BlockListEntry,
    Canary,
    Download,
    ListSeries,
    Outcome,
    OutcomeReport,
)
from aduan.blocklists.queries.files import lists_for
from aduan.cases.models import RecycledNotice
from aduan.core.db import named_rows

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from aduan.operators.models import Operator


def is_canary(digits: int) -> bool:
    return Canary.objects.filter(digits=digits).exists()


def recycled_in(report: OutcomeReport) -> tuple[int, int]:
    """How many numbers of a report have lost their block to a new holder, and how many wait for a person."""
    said = Outcome.objects.filter(report=report, answer=OutcomeStatus.RECYCLED, effect_at__isnull=False)
    counts = said.aggregate(
        ended=Count("pk", filter=Q(effect_note="")),
        waiting=Count("pk", filter=Q(effect_note=WAITS_FOR_PERSON)),
    )
    return counts["ended"], counts["waiting"]


def recycled_waiting(operator: Operator) -> int:
    """How many numbers that have a new holder, says this operator, wait now: for a person, or their turn."""
    notices = RecycledNotice.objects.filter(operator=operator, state=RecycledNotice.State.WAITING)
    said = Outcome.objects.filter(operator=operator, answer=OutcomeStatus.RECYCLED, effect_at=None)
    return notices.filter(source=RecycledNotice.Source.OPERATOR).count() + said.count()


def listing(
    digits: int, operator_id: int, series: str = ListSeries.BLOCK
) -> tuple[dt.datetime | None, dt.datetime | None]:
    """When the number last came onto this operator's list, and when it went off it again (None: still on)."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT l.sequence, l.published_at FROM blocklists_blocklist l
               JOIN blocklists_blocklistentry e ON e.list_id = l.id AND e.digits = %(digits)s AND e.is_new
               WHERE l.operator_id = %(operator)s AND l.series = %(series)s AND l.state = 'published'
               ORDER BY l.sequence DESC LIMIT 1""",
            {"digits": digits, "operator": operator_id, "series": series},
        )
        found = named_rows(cursor)
        if not found:
            return None, None
        came = found[0]
        cursor.execute(
            """SELECT min(l.published_at) AS went_at FROM blocklists_blocklist l
               WHERE l.operator_id = %(operator)s AND l.series = %(series)s AND l.state = 'published'
                 AND l.sequence > %(sequence)s
                 AND NOT EXISTS (SELECT FROM blocklists_blocklistentry e
                     WHERE e.list_id = l.id AND e.digits = %(digits)s)""",
            {"digits": digits, "operator": operator_id, "series": series, "sequence": came["sequence"]},
        )
        return came["published_at"], named_rows(cursor)[0]["went_at"]


def newest_with(operator: Operator, digits: int) -> BlockList | None:
    """The newest published list of this operator that carries the number."""
    carrying = BlockListEntry.objects.filter(
        list_id__in=list(lists_for(operator).values_list("pk", flat=True)[:200])
    )
    ids = list(carrying.filter(digits=digits).values_list("list_id", flat=True))
    return lists_for(operator).filter(pk__in=ids).first()


def outcomes_of(case_id: int) -> list[Outcome]:
    """Every receiver's newest word on a case, newest first."""
    newest = (
        Outcome.objects.filter(case_id=case_id)
        .select_related("operator")
        .order_by("operator_id", "-reported_at", "-id")
        .distinct("operator_id")
    )
    return sorted(newest, key=lambda outcome: outcome.reported_at, reverse=True)


def not_fetched(*, at: dt.datetime, after: dt.timedelta) -> list[BlockList]:
    """Newest lists of their series that were published long enough ago and that no one fetched completely.

    A list on which nothing stands and that lifts nothing asks nothing of anybody, so it is never late.
    """
    newest = (
        BlockList.objects.filter(state=BlockList.State.PUBLISHED)
        .order_by("operator_id", "series", "-sequence")
        .distinct("operator_id", "series")
    )
    fetched = Download.objects.filter(complete=True).values("block_list")
    waiting = BlockList.objects.filter(
        pk__in=newest.values("pk"), published_at__lte=at - after, operator__is_sandbox=False
    )
    waiting = waiting.exclude(count=0, removed_count=0)
    return list(waiting.exclude(pk__in=fetched).select_related("operator").order_by("published_at"))


def last_fetch(operator: Operator, series: ListSeries) -> Download | None:
    """The newest download of a list of the series that came to its end; a key or a person made it."""
    fetched = Download.objects.filter(operator=operator, complete=True, block_list__series=series)
    return fetched.select_related("block_list", "access_key", "by").order_by("-id").first()


def reports_of(operator: Operator) -> QuerySet[OutcomeReport]:
    return OutcomeReport.objects.filter(operator=operator)


def refusals_to_settle() -> QuerySet[Outcome]:
    """What operators refused and no person has settled yet."""
    return Outcome.objects.filter(answer=OutcomeStatus.REFUSED, settled_at=None)


def cases_of_reason(text: str, *, limit: int = 50) -> QuerySet[Outcome, int]:
    """Cases on whose numbers an operator gave a reason with these words in a row, the newest first."""
    words = SearchQuery(text, config="simple", search_type="phrase")
    found = Outcome.objects.annotate(words=SearchVector("reason", config="simple"))
    return found.filter(~Q(reason=""), words=words).order_by("-pk").values_list("case_id", flat=True)[:limit]
