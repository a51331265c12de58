"""The TUF repository as one operator sees it: the common roles and its own, and its own targets."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request

from aduan.blocklists import queries
from aduan.blocklists.services import repeat_download, start_target_download
from aduan.operators.actors import Actor
from portal.api.v1.problems import POLLED
from portal.api.views import OperatorView, actor_of, operator_scoped
from portal.common.served_lists import sent


class MetadataView(OperatorView):
    @extend_schema(
        operation_id="tuf_metadata",
        summary="A page of TUF metadata",
        tags=["tuf"],
        description="For a TUF client: `metadata_base_url` is this folder.",
        responses={(200, "application/json"): OpenApiTypes.OBJECT, **POLLED},
    )
    @operator_scoped
    def get(self, request: Request, actor: Actor, name: str) -> HttpResponseBase:
        body = queries.metadata_bytes(name, operator=actor.operator)
        if body is None:
            raise Http404
        return HttpResponse(body, content_type="application/json")


class TargetView(OperatorView):
    @extend_schema(
        operation_id="tuf_target",
        summary="A target of the TUF repository",
        tags=["tuf"],
        description="For a TUF client: `target_base_url` is this folder. Names carry their digest.",
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **POLLED},
    )
    def get(self, request: Request, path: str) -> HttpResponseBase:
        """Without the operator's scope when it is known which file this is: nothing is read then."""
        actor = actor_of(request)
        handed = repeat_download((path,), to=actor.operator, access_key=actor.access_key, at=timezone.now())
        return sent(request._request, handed) if handed else self._first(request, path)

    @operator_scoped
    def _first(self, request: Request, actor: Actor, path: str) -> HttpResponseBase:
        handed = start_target_download(
            path, to=actor.operator, access_key=actor.access_key, at=timezone.now()
        )
        if handed is None:
            raise Http404
        return sent(request._request, handed)
