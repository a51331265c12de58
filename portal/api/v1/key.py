"""What a machine can learn about its own key, so that it can warn before the key ends."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from aduan.operators.actors import Actor
from portal.api.permissions import HasKey
from portal.api.v1.problems import POLLED
from portal.api.views import OperatorView, operator_scoped


class KeySerializer(serializers.Serializer[Any]):
    operator = serializers.CharField(help_text="Code of the organisation that the key belongs to.")
    name = serializers.CharField()
    prefix = serializers.CharField(help_text="The key's public name, as it stands in logs.")
    scopes = serializers.ListField(child=serializers.CharField())
    allowed_networks = serializers.ListField(child=serializers.CharField())
    expires_at = serializers.DateTimeField()
    being_replaced = serializers.BooleanField(help_text="True while a successor is good too.")
    server_time = serializers.DateTimeField()


class KeyView(OperatorView):
    permission_classes = [HasKey]

    @extend_schema(
        operation_id="key",
        summary="The key that asks",
        tags=["key"],
        description="Whose key this is, what it may do and until when. Ask daily, and replace it in time.",
        responses={200: KeySerializer, **POLLED},
    )
    @operator_scoped
    def get(self, request: Request, actor: Actor) -> Response:
        key = actor.access_key
        if key is None:
            raise TypeError("a key without a key")
        facts = {
            "operator": actor.operator.code,
            "name": key.name,
            "prefix": key.prefix,
            "scopes": key.scopes,
            "allowed_networks": key.allowed_networks,
            "expires_at": key.expires_at,
            "being_replaced": key.rotated_at is not None,
            "server_time": timezone.now(),
        }
        return Response(KeySerializer(facts).data)
