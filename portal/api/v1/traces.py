"""What the ministry asks an operator about spoofed numbers, and what an operator alone knows of its own."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from aduan.accounts.roles import Permission
from aduan.cases import queries, services
from aduan.cases.models import Finding, TraceRequest
from aduan.cases.queries.traces import PAGE, Question
from aduan.complaints.queries import calls_of
from aduan.operators.actors import Actor
from portal.api.choices import NamedChoiceField
from portal.api.query_parameters import QueryParameters, asked_for
from portal.api.v1.bodies import BodySerializer
from portal.api.v1.outcomes import BoundedJsonParser
from portal.api.v1.problems import POLLED, PROBLEMS, problem
from portal.api.v1.text_fields import IndonesianNumberField, TextField
from portal.api.views import OperatorView, operator_scoped
from portal.common.problems import PROBLEM_TYPE

WRONG: dict[Any, Any] = {
    (400, PROBLEM_TYPE): problem("A field cannot be accepted; `errors` or `field` names it."),
    (413, PROBLEM_TYPE): problem("Too large for one request."),
    (415, PROBLEM_TYPE): problem("Not JSON."),
}


class TraceSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    case = serializers.CharField(help_text="Reference, for letters and calls.")
    number = serializers.CharField(help_text="The number that was shown, E.164 with `+`.")
    calls = serializers.ListField(
        child=serializers.DateTimeField(), help_text="When it rang, as complainants remember; 50 at most."
    )
    asked_at = serializers.DateTimeField()
    answered_at = serializers.DateTimeField(allow_null=True)
    finding = serializers.CharField(help_text="Empty until you have answered.")
    note = serializers.CharField()


class TracePageSerializer(serializers.Serializer[Any]):
    next = serializers.IntegerField(allow_null=True, help_text="Give it as `before` to see older ones.")
    results = TraceSerializer(many=True)


class AnswerSerializer(BodySerializer):
    finding = NamedChoiceField(choices=Finding.choices)
    note = TextField(
        max_length=2000,
        required=False,
        allow_blank=True,
        default="",
        help_text="Which network or country (needed for `other_network` and `abroad`). No customer's name.",
    )


class InUseSerializer(BodySerializer):
    number = IndonesianNumberField(
        error_messages={
            "invalid": gettext_lazy("Write the number as on the list: digits only, beginning with 62 or +62.")
        },
    )
    since = serializers.DateField(help_text="The day from which its present holder has had it.")


class TracesQuery(QueryParameters):
    answered = serializers.BooleanField(default=False, help_text="Those that you have answered.")
    before = serializers.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, help_text="`next` of the page above."
    )


class TracesView(OperatorView):
    query = TracesQuery

    @extend_schema(
        operation_id="traces",
        summary="Where did these calls come from?",
        tags=["traces"],
        description="Questions about numbers that callers showed without owning them, newest first.",
        parameters=[TracesQuery],
        responses={200: TracePageSerializer, **WRONG, **POLLED},
    )
    @operator_scoped
    def get(self, request: Request, actor: Actor) -> Response:
        asked = asked_for(TracesQuery, request)
        found = queries.questions_to(actor.operator, answered=asked["answered"], before=asked.get("before"))
        calls = calls_of([question.case_id for question in found])
        more = found[-1].trace_id if len(found) == PAGE else None
        results = [_described(question, calls.get(question.case_id, [])) for question in found]
        return Response({"next": more, "results": results})


class TraceAnswerView(OperatorView):
    needs = Permission.REPORT_OUTCOMES
    parser_classes = [BoundedJsonParser]

    @extend_schema(
        operation_id="answer_trace",
        summary="Answer a question about forged calls",
        tags=["traces"],
        description="Once: the same answer again changes nothing, another one is refused (409).",
        request=AnswerSerializer,
        responses={
            200: TraceSerializer,
            (409, PROBLEM_TYPE): problem("You answered otherwise before."),
            **WRONG,
            **PROBLEMS,
        },
    )
    @operator_scoped
    def post(self, request: Request, actor: Actor, pk: int) -> Response:
        question = _own(actor, pk)
        said = AnswerSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        asked = TraceRequest(pk=question.trace_id, case_id=question.case_id)
        services.answer_trace(asked, **said.validated_data, actor=actor, at=timezone.now())
        calls = calls_of([question.case_id]).get(question.case_id, [])
        return Response(_described(_own(actor, pk), calls))


class InUseView(OperatorView):
    needs = Permission.REPORT_OUTCOMES
    parser_classes = [BoundedJsonParser]

    @extend_schema(
        operation_id="in_use_since",
        summary="Since when a number of yours is in use",
        tags=["traces"],
        description="A number that has been with its holder for more than five years is blocked by three "
        "people, not two, and is not held: a hold ends. That takes the scope `report:recycled`, and as many "
        "a day as `recycled` may free. It need not have been reported; no one learns here whether it was.",
        request=InUseSerializer,
        responses={
            200: InUseSerializer,
            (409, PROBLEM_TYPE): problem("More holds do not end in one day by this word."),
            **WRONG,
            **PROBLEMS,
        },
    )
    @operator_scoped
    def post(self, request: Request, actor: Actor) -> Response:
        said = InUseSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        facts = said.validated_data
        services.set_in_use_since(int(facts["number"]), since=facts["since"], actor=actor, at=timezone.now())
        return Response(InUseSerializer(facts).data)


def _own(actor: Actor, pk: int) -> Question:
    question = queries.question_to(actor.operator, int(pk))
    if question is None:
        raise Http404
    return question


def _described(question: Question, calls: list[Any]) -> dict[str, Any]:
    facts = {
        "id": question.trace_id,
        "case": question.reference,
        "number": question.number,
        "calls": calls or question.pretended_calls,
        "asked_at": question.asked_at,
        "answered_at": question.answered_at,
        "finding": question.finding_code,
        "note": question.answer,
    }
    return dict(TraceSerializer(facts).data)
