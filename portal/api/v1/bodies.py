"""What a request may say in JSON: described by a serializer, each field once, and no other field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers

from portal.api.known_names import refuse_unknown


class BodySerializer(serializers.Serializer[Any]):
    """Raises ValidationError for a field that is not described."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            no_other_than(self.fields, data)
        return super().to_internal_value(data)


def no_other_than(known: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    words = _("There is no such field here. There are: %(names)s.")
    refuse_unknown(data, known=known, words=words)


class BodyExtension(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """How the schema says so."""

    target_class = BodySerializer
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        described = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**described, "additionalProperties": False}
