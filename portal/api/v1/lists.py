"""The operator's own lists, newest first, one by one, and their files."""

from __future__ import annotations

from typing import Any, TypeVar

from django.http import Http404, HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from aduan.blocklists import queries
from aduan.blocklists.models import BlockList, ListSeries, ListType
from aduan.blocklists.services import file_address, repeat_download, start_download
from aduan.core.errors import Invalid
from aduan.operators.actors import Actor
from portal.api.choices import NamedChoiceField
from portal.api.query_parameters import QueryParameters, once, one_of, refuse_empty, whole_number
from portal.api.v1.problems import POLLED, PROBLEMS, problem
from portal.api.v1.serializers import ListSerializer, described
from portal.api.views import OperatorView, actor_of, operator_scoped
from portal.common.problems import PROBLEM_TYPE
from portal.common.served_lists import sent, wants_gzip

# What a list has files of: numbers, tables, the manifest, and signatures.
FILE_TYPES = ("application/octet-stream", "text/plain", "text/csv", "application/json")
WHOLE: dict[Any, Any] = {(200, kind): OpenApiTypes.BINARY for kind in FILE_TYPES}
PART: dict[Any, Any] = {
    (206, kind): OpenApiResponse(OpenApiTypes.BINARY, description="The part.") for kind in FILE_TYPES
}
Chosen = TypeVar("Chosen", ListType, ListSeries)
WRONG_CHOICE: dict[Any, Any] = {(400, PROBLEM_TYPE): problem("A parameter has a value that is not known.")}


class ByCursor(CursorPagination):
    """Newest first; a page stays stable while lists are published."""

    ordering = "-id"
    page_size = 50
    max_page_size = 200
    page_size_query_param = "size"

    def get_page_size(self, request: Any) -> int:
        """Raises Invalid for what is no size, where the framework would take its default in silence."""
        text = once(request, self.page_size_query_param)
        if text is None:
            return self.page_size
        size = int(text) if text.isascii() and text.isdecimal() and len(text) <= 3 else 0
        if not 1 <= size <= self.max_page_size:
            raise Invalid("size_unknown", whole_number(1, self.max_page_size), field="size")
        return size

    def decode_cursor(self, request: Any) -> Any:
        """Raises ValidationError for an empty one, which the framework takes for the first page."""
        refuse_empty(request, self.cursor_query_param)
        return super().decode_cursor(request)


class ListsQuery(QueryParameters):
    kind = NamedChoiceField(choices=ListType.choices, required=False, help_text="Only lists of this kind.")
    cursor = serializers.CharField(required=False, help_text="From `next` or `previous`; do not build it.")
    size = serializers.IntegerField(
        required=False, min_value=1, max_value=ByCursor.max_page_size, help_text="Lists a page."
    )


class LatestQuery(QueryParameters):
    series = NamedChoiceField(
        choices=ListSeries.choices, required=False, help_text="Another series than your main one."
    )


class PageSerializer(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True, help_text="Address of the older lists.")
    previous = serializers.CharField(allow_null=True)
    results = ListSerializer(many=True)


class ListsView(OperatorView):
    query = ListsQuery

    @extend_schema(
        operation_id="lists",
        summary="Your published lists, newest first",
        tags=["lists"],
        description="A history, for looking things up. What to block today says `lists/latest` alone.",
        parameters=[ListsQuery],
        responses={200: PageSerializer, **WRONG_CHOICE, **POLLED},
    )
    @operator_scoped
    def get(self, request: Request, actor: Actor) -> Response:
        lists, kind = queries.lists_for(actor.operator), _chosen(request, "kind", ListType)
        lists = lists.filter(kind=kind) if kind else lists
        pages = ByCursor()
        page = pages.paginate_queryset(lists.prefetch_related("files"), request, view=self) or []
        return pages.get_paginated_response([ListSerializer(described(one)).data for one in page])


class LatestView(OperatorView):
    query = LatestQuery

    @extend_schema(
        operation_id="latest_list",
        summary="Your newest list",
        tags=["lists"],
        description="The newest of the series is the whole truth: block what is on it, lift what is not.",
        parameters=[LatestQuery],
        responses={200: ListSerializer, **WRONG_CHOICE, **POLLED},
    )
    @operator_scoped
    def get(self, request: Request, actor: Actor) -> Response:
        found = queries.latest(actor.operator, _chosen(request, "series", ListSeries))
        if found is None:
            raise Http404
        return Response(ListSerializer(described(found)).data)


class ListView(OperatorView):
    @extend_schema(
        operation_id="list",
        summary="One list",
        tags=["lists"],
        description="A published list by its name. It never changes, and neither do its files.",
        responses={200: ListSerializer, **POLLED},
    )
    @operator_scoped
    def get(self, request: Request, actor: Actor, name: str) -> Response:
        return Response(ListSerializer(described(own_list(actor, name))).data)


class FileView(OperatorView):
    @extend_schema(
        operation_id="file",
        summary="A file of a list",
        tags=["lists"],
        description="`<name>.sig` is the detached Ed25519 signature of `<name>`. The file never changes: its "
        'ETag is `"sha256-<digest>"`. A broken download is resumed with `Range` and `If-Range`.',
        parameters=[
            OpenApiParameter("Range", str, OpenApiParameter.HEADER, description="bytes=<first>-"),
            OpenApiParameter(
                "If-Range", str, OpenApiParameter.HEADER, description="The ETag of what you have."
            ),
            OpenApiParameter(
                "If-None-Match", str, OpenApiParameter.HEADER, description="Answers 304 if it fits."
            ),
        ],
        responses={
            **WHOLE,
            **PART,
            304: OpenApiResponse(description="You have it."),
            (412, PROBLEM_TYPE): OpenApiResponse(description="If-Match names another file."),
            416: OpenApiResponse(description="The range lies outside the file."),
            **PROBLEMS,
        },
    )
    def get(self, request: Request, name: str, file: str) -> HttpResponseBase:
        """Without the operator's scope when it is known which file this is: nothing is read then."""
        actor, gzip = actor_of(request), wants_gzip(request._request)
        handed = repeat_download(
            file_address(name, file, gzip),
            to=actor.operator,
            access_key=actor.access_key,
            at=timezone.now(),
        )
        response = sent(request._request, handed) if handed else self._first(request, name, file, gzip)
        patch_vary_headers(response, ["Accept-Encoding"])
        return response

    @operator_scoped
    def _first(self, request: Request, actor: Actor, name: str, file: str, gzip: bool) -> HttpResponseBase:
        handed = start_download(
            own_list(actor, name),
            file,
            to=actor.operator,
            access_key=actor.access_key,
            at=timezone.now(),
            gzip=gzip,
        )
        if handed is None:
            raise Http404
        return sent(request._request, handed)

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        """A file is what it is, whatever `Accept` says; refusals are problems."""
        return super().perform_content_negotiation(request, force=True)


def own_list(actor: Actor, name: str) -> BlockList:
    """The published list of that name. Another operator's list has no name here: 404 like any other."""
    found = queries.named(actor.operator, name)
    if found is None:
        raise Http404
    return found


def _chosen(request: Request, name: str, choices: type[Chosen]) -> Chosen | None:
    text = once(request, name)
    if text is None:
        return None
    try:
        return choices(text)
    except ValueError as error:
        raise Invalid(f"{name}_unknown", one_of(choices.values), field=name) from error
