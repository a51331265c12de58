"""The description of the API: the schema for machines, a page for people.

Both are public and hold no data.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.permissions import AllowAny

METHODS = ("get", "post", "put", "patch", "delete")


class SchemaView(SpectacularJSONAPIView):
    """OpenAPI 3.0 as JSON."""

    permission_classes = [AllowAny]
    authentication_classes = []


@csrf_exempt
@require_safe
@cache_control(public=True, max_age=300)
def docs(request: HttpRequest) -> HttpResponse:
    """Every operation on one plain page.

    Our own, because Swagger UI and Redoc need styles that our content security policy forbids.
    """
    schema = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return render(request, "api/docs.html", {"schema": schema, "operations": list(_operations(schema))})


def _operations(schema: dict[str, Any]) -> Any:
    for path, methods in sorted(schema["paths"].items()):
        for method in METHODS:
            if method in methods:
                operation = methods[method]
                yield {
                    "id": operation["operationId"],
                    "method": method.upper(),
                    "path": path,
                    "summary": operation.get("summary", ""),
                    "description": _plain(operation.get("description", "")),
                    "parameters": operation.get("parameters", []),
                    "body": _media(operation.get("requestBody", {}).get("content", {}), schema),
                    "answers": [
                        {
                            "status": status,
                            "description": _plain(answer.get("description", "")),
                            "media": _media(answer.get("content", {}), schema),
                        }
                        for status, answer in sorted(operation["responses"].items())
                    ],
                }


def _media(content: dict[str, Any], schema: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"type": kind, "fields": list(_fields(body.get("schema", {}), schema))}
        for kind, body in content.items()
    ]


def _fields(node: dict[str, Any], schema: dict[str, Any], depth: int = 0, prefix: str = "") -> Any:
    """`name, type, help` of each property, nested ones with a dotted name; three levels are enough."""
    node = _resolved(node, schema)
    if node.get("type") == "array":
        yield from _fields(node["items"], schema, depth, f"{prefix}[].")
        return
    for name, inner in node.get("properties", {}).items():
        found = _resolved(inner, schema)
        kind = found.get("format") or found.get("type", "")
        yield {
            "name": f"{prefix}{name}",
            "kind": kind,
            "required": name in node.get("required", []),
            "help": _plain(inner.get("description") or found.get("description", "")),
            "choices": found.get("enum", []),
        }
        if depth < 2 and (found.get("type") in ("array", "object")):
            nested = f"{prefix}{name}." if found.get("type") == "object" else f"{prefix}{name}"
            yield from _fields(found, schema, depth + 1, nested)


def _plain(text: str) -> str:
    """Descriptions are Markdown, as OpenAPI wants it; the page shows text."""
    return text.replace("`", "")


def _resolved(node: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    reference = node.get("$ref") or (node.get("allOf") or [{}])[0].get("$ref", "")
    if not reference:
        return node
    found: dict[str, Any] = schema["components"]["schemas"][reference.rpartition("/")[2]]
    return found
