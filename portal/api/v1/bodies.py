"""What a request may say in JSON: described by a serializer, each field once, and no other field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerExtension
from rest_framework import serializers


class BodySerializer(serializers.Serializer[Any]):
    """Raises ValidationError for a field that is not described: a typing error is not passed over."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            no_other_than(self.fields, data)
        return super().to_internal_value(data)


def no_other_than(known: Mapping[str, Any], data: Mapping[str, Any]) -> None:
    unknown = [name for name in data if name not in known]
    if unknown:
        text = _("There is no such field here. There are: %(names)s.") % {"names": ", ".join(known)}
        raise serializers.ValidationError({name[:40]: [text] for name in unknown[:10]}, code="unknown")


class BodyExtension(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]
    """How the schema says so."""

    target_class = BodySerializer
    match_subclasses = True

    def map_serializer(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        described = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)
        return {**described, "additionalProperties": False}
