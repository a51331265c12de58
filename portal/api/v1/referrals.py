"""What a platform is asked, its answers, and the numbers that it banned itself."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from aduan.accounts.roles import Permission
from aduan.operators.actors import Actor
from aduan.referrals import queries, services
from aduan.referrals.codes import MAX_NOTE, AnswerWay, PlatformAnswer
from aduan.referrals.models import Referral
from portal.api.choices import NamedChoiceField
from portal.api.query_parameters import QueryParameters, asked_for
from portal.api.v1.bodies import BodySerializer
from portal.api.v1.outcomes import BoundedJsonParser
from portal.api.v1.problems import POLLED, PROBLEMS, problem
from portal.api.v1.text_fields import (
    NO_NULL_AND_NOT_EMPTY,
    InstantField,
    PatternField,
    TextField,
    WrittenNumberField,
)
from portal.api.views import OperatorView, operator_scoped
from portal.common.owner import ministry_contact
from portal.common.problems import PROBLEM_TYPE

NOT_TAKEN: dict[Any, Any] = {
    (400, PROBLEM_TYPE): problem("A field cannot be accepted; `errors` or `field` names it."),
    (403, PROBLEM_TYPE): problem("The key lacks the scope, or its owner is no platform."),
    (413, PROBLEM_TYPE): problem("Too large for one request."),
    (415, PROBLEM_TYPE): problem("Not JSON."),
}


class ReferralSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    reference = serializers.CharField()
    case = serializers.CharField(help_text="As in the column `case` of lists.")
    account = serializers.CharField(help_text="`+62…`, or `telegram:@name`.")
    category = serializers.CharField()
    made_at = serializers.DateTimeField()
    withdrawn_at = serializers.DateTimeField(allow_null=True)
    answer = serializers.CharField(help_text="Empty: not yet answered.")
    note = serializers.CharField()
    answered_at = serializers.DateTimeField(allow_null=True)
    notice = serializers.JSONField(help_text="Fields of the DSA statement of reasons where they fit.")


class ReferralPageSerializer(serializers.Serializer[Any]):
    next = serializers.IntegerField(allow_null=True, help_text="Give it as `before` to see older ones.")
    results = ReferralSerializer(many=True)


class ReferralsQuery(QueryParameters):
    answered = serializers.BooleanField(required=False, help_text="Only answered ones, or only the others.")
    before = serializers.IntegerField(
        required=False, min_value=1, max_value=2**63 - 1, help_text="`next` of the page above."
    )


class PlatformAnswerSerializer(BodySerializer):
    answer = NamedChoiceField(choices=PlatformAnswer.choices)
    note = TextField(
        max_length=MAX_NOTE,
        required=False,
        allow_blank=True,
        default="",
        help_text="Needed for `no_violation` (why) and `need_more` (what).",
    )
    acted_at = InstantField(
        required=False, allow_null=True, default=None, help_text="ISO 8601 with offset; null: now."
    )


class BannedNumberSerializer(BodySerializer):
    number = WrittenNumberField()
    category = PatternField(NO_NULL_AND_NOT_EMPTY, max_length=20)
    banned_on = serializers.DateField(required=False, allow_null=True, default=None)


class AgencyReportInSerializer(BodySerializer):
    numbers = serializers.ListField(
        child=BannedNumberSerializer(), min_length=1, max_length=services.MAX_BANNED_NUMBERS
    )


class AgencyReportSerializer(serializers.Serializer[Any]):
    reference = serializers.CharField()
    taken = serializers.IntegerField()
    repeated = serializers.BooleanField(help_text="The same rows came before: nothing was done again.")
    refused = serializers.ListField(child=serializers.DictField(), help_text="row, code, message.")


class ReferralsView(OperatorView):
    query = ReferralsQuery

    @extend_schema(
        operation_id="referrals",
        summary="What you are asked to act on",
        tags=["referrals"],
        description="Newest first. Following is voluntary; with `withdrawn_at` nothing is asked any more.",
        parameters=[ReferralsQuery],
        responses={200: ReferralPageSerializer, **NOT_TAKEN, **POLLED},
    )
    @operator_scoped
    def get(self, request: Request, actor: Actor) -> Response:
        asked = asked_for(ReferralsQuery, request)
        wanted = queries.referrals_of(
            actor.operator, answered=asked.get("answered"), before=asked.get("before")
        )
        found = list(wanted[: queries.REFERRAL_PAGE])
        more = found[-1].pk if len(found) == queries.REFERRAL_PAGE else None
        return Response({"next": more, "results": [_described(one) for one in found]})


class ReferralView(OperatorView):
    @extend_schema(
        operation_id="referral",
        summary="One referral",
        tags=["referrals"],
        description="As in the list of referrals, with your newest answer.",
        parameters=[OpenApiParameter("uid", OpenApiTypes.UUID, OpenApiParameter.PATH)],
        responses={200: ReferralSerializer, **POLLED},
    )
    @operator_scoped
    def get(self, request: Request, actor: Actor, uid: uuid.UUID) -> Response:
        return Response(_described(_own(actor, uid)))


class ReferralAnswerView(OperatorView):
    needs = Permission.REPORT_OUTCOMES
    parser_classes = [BoundedJsonParser]

    @extend_schema(
        operation_id="answer_referral",
        summary="Say what you did about a referral",
        tags=["referrals"],
        description="May be said again, otherwise: the newest counts. The same again changes nothing.",
        parameters=[OpenApiParameter("uid", OpenApiTypes.UUID, OpenApiParameter.PATH)],
        request=PlatformAnswerSerializer,
        responses={
            200: ReferralSerializer,
            (409, PROBLEM_TYPE): problem("The referral was withdrawn."),
            **NOT_TAKEN,
            **PROBLEMS,
        },
    )
    @operator_scoped
    def post(self, request: Request, actor: Actor, uid: uuid.UUID) -> Response:
        referral = _own(actor, uid)
        said = PlatformAnswerSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        given = services.answer_referral(
            referral, **said.validated_data, way=AnswerWay.API, actor=actor, at=timezone.now()
        )
        return Response(_described(given.referral))


class AgencyReportsView(OperatorView):
    needs = Permission.REPORT_OUTCOMES
    parser_classes = [BoundedJsonParser]

    @extend_schema(
        operation_id="report_banned_numbers",
        summary="Numbers that you banned",
        tags=["referrals"],
        description="Up to 1,000 at once. They count as one source and only raise the rank of a case.",
        request=AgencyReportInSerializer,
        responses={200: AgencyReportSerializer, **NOT_TAKEN, **PROBLEMS},
    )
    @operator_scoped
    def post(self, request: Request, actor: Actor) -> Response:
        said = AgencyReportInSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        rows = [
            services.BannedNumber(row, one["number"], one["category"], one["banned_on"])
            for row, one in enumerate(said.validated_data["numbers"], start=1)
        ]
        report, new = services.file_agency_report(rows, actor=actor, at=timezone.now())
        return Response(
            {
                "reference": str(report),
                "taken": report.row_count,
                "repeated": not new,
                "refused": report.refused,
            }
        )


def _own(actor: Actor, uid: uuid.UUID) -> Referral:
    referral = queries.referral_to(actor.operator, uid)
    if referral is None:
        raise Http404
    return referral


def _described(referral: Referral) -> dict[str, Any]:
    current = referral.current
    facts = {
        "id": referral.uid,
        "reference": referral.reference,
        "case": referral.case.reference,
        "account": referral.account,
        "category": referral.category,
        "made_at": referral.made_at,
        "withdrawn_at": referral.withdrawn_at,
        "answer": current.answer if current else "",
        "note": current.note if current else "",
        "answered_at": current.received_at if current else None,
        "notice": queries.notice_of(referral, ministry=ministry_contact()),
    }
    return dict(ReferralSerializer(facts).data)
