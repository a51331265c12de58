"""Where a machine stands: what changed since its list, what is still open, where its word differs."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.http import urlencode
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from aduan.blocklists import queries
from aduan.blocklists.models import ListSeries
from aduan.core.errors import Invalid
from aduan.operators.actors import Actor
from portal.api.choices import NamedChoiceField
from portal.api.query_parameters import QueryParameters, asked_for, whole_number
from portal.api.v1.lists import WRONG_CHOICE, own_list
from portal.api.v1.problems import POLLED
from portal.api.views import OperatorView, operator_scoped

MOST_SEQUENCE = 2**31 - 1
MOST_DIGITS = 10**15 - 1
OPEN_PAGE = 1000


class PageQuery(QueryParameters):
    after = serializers.IntegerField(min_value=0, max_value=MOST_DIGITS, default=0, help_text="From `next`.")


class ChangesQuery(PageQuery):
    since = serializers.IntegerField(
        min_value=0, max_value=MOST_SEQUENCE, help_text="Your sequence; 0 to begin with nothing."
    )
    series = NamedChoiceField(
        choices=ListSeries.choices, required=False, help_text="Another series than your main one."
    )


class DifferencesQuery(PageQuery):
    series = NamedChoiceField(
        choices=ListSeries.choices, required=False, help_text="Another series than your main one."
    )
    difference = NamedChoiceField(
        choices=[(name, name) for name in queries.DIFFERENCES],
        required=False,
        help_text="With the numbers that differ in this way.",
    )


class ChangesSerializer(serializers.Serializer[Any]):
    sequence = serializers.IntegerField(help_text="Where you stand once you have applied the page.")
    list = serializers.CharField(allow_null=True, help_text="The list whose changes these are.")
    digest = serializers.CharField(allow_null=True, help_text="SHA-256 of its manifest; outcomes quote it.")
    added = serializers.ListField(child=serializers.CharField(), help_text="Block these.")
    removed = serializers.ListField(child=serializers.CharField(), help_text="Lift the block of these.")
    caught_up = serializers.BooleanField(help_text="True: this was all. Then ask with `since=<sequence>`.")
    next = serializers.CharField(allow_null=True, help_text="Address of the next page until caught up.")


class OpenSerializer(serializers.Serializer[Any]):
    list = serializers.CharField()
    open = serializers.IntegerField(help_text="Numbers without an answer.")
    due_at = serializers.DateTimeField(allow_null=True, help_text="Empty where answering is voluntary.")
    numbers = serializers.ListField(child=serializers.CharField())
    next = serializers.CharField(allow_null=True)


class DifferingSerializer(serializers.Serializer[Any]):
    number = serializers.CharField()
    answer = serializers.CharField(help_text="Your newest word; empty when there is none.")
    since = serializers.DateTimeField()


class ReconciliationSerializer(serializers.Serializer[Any]):
    list = serializers.CharField(allow_null=True, help_text="Your newest list; empty before the first.")
    listed = serializers.IntegerField()
    agreed = serializers.IntegerField()
    waiting = serializers.IntegerField(
        help_text="Not yet answered: their 24 hours still run, or acting is voluntary."
    )
    missing = serializers.IntegerField(
        help_text="Listed, and no answer within 24 hours. Never where acting is voluntary."
    )
    still_blocked = serializers.IntegerField(help_text="Taken off, and not reported as lifted.")
    declined = serializers.IntegerField(help_text="Answered with something else than a block.")
    late = serializers.IntegerField(help_text="Blocked, but first answered after the 24 hours.")
    rejected_reports = serializers.IntegerField(help_text="Reports turned away and not made good since.")
    differs_since = serializers.DateTimeField(allow_null=True)
    numbers = DifferingSerializer(many=True, help_text="Of the `difference` that you ask for.")
    next = serializers.CharField(allow_null=True)


class ChangesView(OperatorView):
    query = ChangesQuery

    @extend_schema(
        operation_id="list_changes",
        summary="What changed since a list",
        tags=["lists"],
        description="The changes of the lists behind `since`, list by list, in pages of 10,000 numbers. "
        "Apply each page, follow `next` until `caught_up`, and remember `sequence`. It is not signed: verify "
        "with the list's files, whose digest it quotes, before you rely on it.",
        parameters=[ChangesQuery],
        responses={200: ChangesSerializer, **WRONG_CHOICE, **POLLED},
    )
    @operator_scoped
    def get(self, request: Request, actor: Actor) -> Response:
        asked = asked_for(ChangesQuery, request)
        series = _series(asked, actor)
        since, after = asked["since"], asked["after"]
        newest = queries.newest_sequence(actor.operator, series)
        if since > newest:
            raise Invalid("since_unknown", whole_number(0, newest), field="since")
        found = queries.changes_since(actor.operator, series, sequence=since, after=after)
        if found is None:
            return Response(ChangesSerializer(_nothing_new(since)).data)
        ended = found.after is None
        stand = found.block_list.sequence if ended else since
        following = {"since": stand, "series": str(series)} | ({} if ended else {"after": found.after})
        facts = {
            "sequence": stand,
            "list": queries.name_of(found.block_list),
            "digest": found.block_list.digest,
            "added": [str(digits) for digits in found.added],
            "removed": [str(digits) for digits in found.removed],
            "caught_up": found.caught_up,
            "next": None if found.caught_up else f"{request.path}?{urlencode(following)}",
        }
        return Response(ChangesSerializer(facts).data)


class OpenNumbersView(OperatorView):
    query = PageQuery

    @extend_schema(
        operation_id="open_numbers",
        summary="What you still have to answer of a list",
        tags=["outcomes"],
        description="Numbers that this list told you and that are neither answered nor taken off since.",
        parameters=[PageQuery],
        responses={200: OpenSerializer, **WRONG_CHOICE, **POLLED},
    )
    @operator_scoped
    def get(self, request: Request, actor: Actor, name: str) -> Response:
        after = asked_for(PageQuery, request)["after"]
        block_list = own_list(actor, name)
        clock = queries.clocks_for([block_list]).get(block_list.pk)
        numbers = queries.open_numbers(block_list, limit=OPEN_PAGE, after=after) if clock else []
        facts = {
            "list": name,
            "open": clock.open if clock else 0,
            "due_at": clock.due_at if clock and clock.obliged else None,
            "numbers": [str(digits) for digits in numbers],
            "next": f"{request.path}?after={numbers[-1]}" if len(numbers) == OPEN_PAGE else None,
        }
        return Response(OpenSerializer(facts).data)


class ReconciliationView(OperatorView):
    query = DifferencesQuery

    @extend_schema(
        operation_id="reconciliation",
        summary="Your word against your newest list",
        tags=["outcomes"],
        description="The ministry sees the same. What differs for three days raises an alarm on both sides, "
        "except where acting is voluntary: nothing is late there.",
        parameters=[DifferencesQuery],
        responses={200: ReconciliationSerializer, **WRONG_CHOICE, **POLLED},
    )
    @operator_scoped
    def get(self, request: Request, actor: Actor) -> Response:
        asked, now = asked_for(DifferencesQuery, request), timezone.now()
        series, wanted = _series(asked, actor), asked.get("difference")
        found = queries.reconcile(actor.operator, at=now, series=series)
        numbers = (
            queries.differing(
                actor.operator, wanted, at=now, series=series, limit=OPEN_PAGE, after=asked["after"]
            )
            if wanted
            else []
        )
        last = numbers[-1].digits if numbers else 0
        query = {"series": str(series), "difference": wanted or "", "after": last}
        facts = {
            "list": queries.name_of(found.block_list) if found else None,
            "listed": found.listed if found else 0,
            "agreed": found.agreed if found else 0,
            "waiting": found.waiting if found else 0,
            **{name: found.counts[name] if found else 0 for name in queries.DIFFERENCES},
            "rejected_reports": len(found.refused) if found else 0,
            "differs_since": found.differs_since if found else None,
            "numbers": [
                {"number": str(one.digits), "answer": one.answer, "since": one.since} for one in numbers
            ],
            "next": f"{request.path}?{urlencode(query)}" if len(numbers) == OPEN_PAGE else None,
        }
        return Response(ReconciliationSerializer(facts).data)


def _series(asked: dict[str, Any], actor: Actor) -> ListSeries:
    """The series that was asked for, or the main one of the operator."""
    return ListSeries(asked["series"]) if asked.get("series") else queries.main_series(actor.operator)


def _nothing_new(since: int) -> dict[str, Any]:
    return {
        "sequence": since,
        "list": None,
        "digest": None,
        "added": [],
        "removed": [],
        "caught_up": True,
        "next": None,
    }
