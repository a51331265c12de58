"""The part of an address behind the question mark: described by a serializer, taken once, or refused."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.request import Request

from portal.api.known_names import refuse_unknown


class QueryParameters(serializers.Serializer[Any]):
    """What an address may ask for: `query` of the view, and `parameters=[…]` of its description."""


def none_unknown(kind: type[QueryParameters], request: Request) -> None:
    """Raises ValidationError for a parameter that is not described."""
    words = _("There is no such parameter here. There are: %(names)s.")
    refuse_unknown(request.query_params, known=kind().get_fields(), words=words)


def asked_for(kind: type[QueryParameters], request: Request) -> dict[str, Any]:
    """The parameters of this request. Raises ValidationError, also for one given twice or empty.

    As a plain dictionary: in a QueryDict a missing boolean is an empty checkbox to the framework, so False.
    """
    for name in kind().get_fields():
        refuse_empty(request, name)
    asked = kind(data=request.query_params.dict())
    asked.is_valid(raise_exception=True)
    return dict(asked.validated_data)


def refuse_empty(request: Request, name: str) -> None:
    """Raises ValidationError for a parameter without a value, or given twice."""
    if once(request, name) == "":
        refusal = {name: [_("Give this a value, or leave it out.")]}
        raise serializers.ValidationError(refusal, code="blank")


def once(request: Request, name: str) -> str | None:
    """The value of one parameter. Raises ValidationError for two: which was meant is not guessed."""
    given = request.query_params.getlist(name)
    if len(given) > 1:
        raise serializers.ValidationError({name: [_("Give this once.")]}, code="repeated")
    return given[0] if given else None


def one_of(names: Iterable[str]) -> str:
    return _("Give one of: %(names)s.") % {"names": ", ".join(names)}


def whole_number(least: int, most: int) -> str:
    return _("Give a whole number from %(least)d to %(most)d.") % {"least": least, "most": most}
