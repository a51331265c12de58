"""How refusals look in the schema."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers

from portal.common.problems import PROBLEM_TYPE


class FaultSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField(required=False, help_text="Row of the file; the header is row 1.")
    field = serializers.CharField(required=False)
    code = serializers.CharField()
    message = serializers.CharField()


class ProblemSerializer(serializers.Serializer[Any]):
    type = serializers.CharField(default="about:blank")
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField(help_text="Stable: decide by this.")
    detail = serializers.CharField(help_text="For a person; its words may change.")
    errors = FaultSerializer(many=True, required=False)  # type: ignore[assignment]  # RFC 9457's usual name


def problem(description: str) -> OpenApiResponse:
    return OpenApiResponse(ProblemSerializer, description=description)


# Keys are (status, media type), as drf-spectacular takes them.
PROBLEMS: dict[Any, Any] = {
    (401, PROBLEM_TYPE): problem("No key, or one that is not good."),
    (403, PROBLEM_TYPE): problem("The key lacks the scope, or comes from a foreign address."),
    (404, PROBLEM_TYPE): problem("Nothing of yours has this name."),
    (429, PROBLEM_TYPE): problem("Too many requests; see Retry-After."),
}
# Of what machines ask for again and again: with the ETag of the answer before, nothing is sent twice.
POLLED: dict[Any, Any] = {304: OpenApiResponse(description="As before; see If-None-Match."), **PROBLEMS}
