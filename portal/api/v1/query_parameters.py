"""The part of an address behind the question mark: described by a serializer, taken once, or refused."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request


class QueryParameters(serializers.Serializer[Any]):
    """What an address may ask for; give the class to `extend_schema(parameters=[…])` as well."""


def asked_for(kind: type[QueryParameters], request: Request) -> dict[str, Any]:
    """The parameters of this request. Raises ValidationError, also for one given twice or empty."""
    for name in kind().get_fields():
        if once(request, name) == "":
            refusal = {name: [_("Give this a value, or leave it out.")]}
            raise serializers.ValidationError(refusal, code="blank")
    asked = kind(data=request.query_params)
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def once(request: Request, name: str) -> str | None:
    """The value of one parameter. Raises ValidationError for two: which was meant is not guessed."""
    given = request.query_params.getlist(name)
    if len(given) > 1:
        raise serializers.ValidationError({name: [_("Give this once.")]}, code="repeated")
    return given[0] if given else None
