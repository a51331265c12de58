"""Errors to Sentry and spans to an OpenTelemetry collector, each by its own setting and off without it.

What leaves the machine is what a log line may say (portal.common.logs): the name of a route, never a path or
a query; no header, body, cookie, address or local variable; texts masked. Spans pass a list of allowed
attributes, so that a newer instrumentation cannot add one unseen.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, cast

from django.conf import settings

from aduan import environment
from aduan.core.request_ids import current_request_id
from portal.common.logs import masked, route_name, without_personal_data

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.trace import Span
    from sentry_sdk.types import Event, Hint

ALLOWED_ATTRIBUTES: Final = frozenset(
    {
        "http.method", "http.request.method", "http.route", "http.status_code", "http.response.status_code",
        "db.system", "db.system.name", "db.operation", "db.operation.name",
        "celery.action", "celery.state", "messaging.destination", "messaging.destination.name",
        "aduan.route", "aduan.request_id", "exception.type",
    }
)  # fmt: skip
# Of an error report; all else that the library collects stays here.
_EVENT_KEYS: Final = ("event_id", "timestamp", "platform", "level", "release", "environment", "exception")


def start() -> None:
    """Begins what the settings name. Called once; forked workers go on by themselves."""
    if settings.SENTRY_DSN:
        _report_errors(settings.SENTRY_DSN)
    if settings.OTLP_ENDPOINT:
        _send_spans(settings.OTLP_ENDPOINT.rstrip("/"))


def _report_errors(dsn: str) -> None:
    import sentry_sdk
    from sentry_sdk.integrations.logging import LoggingIntegration

    sentry_sdk.init(
        dsn=dsn,
        environment=environment.current(),
        send_default_pii=False,
        include_local_variables=False,
        include_source_context=False,
        max_request_body_size="never",
        max_breadcrumbs=0,
        auto_session_tracking=False,
        integrations=[LoggingIntegration(level=None, event_level=None)],  # lines stay in the log
        before_send=without_personal_data_in_event,
    )


def without_personal_data_in_event(event: Event, hint: Hint) -> Event:
    """The report of one error as it may leave the machine; its request id leads to the log lines."""
    del hint
    kept = {key: _masked_texts(event[key]) for key in _EVENT_KEYS if key in event}
    return cast("Event", kept | {"tags": {"request_id": current_request_id()}})


def _masked_texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _masked_texts(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_masked_texts(one) for one in value]
    return without_personal_data(None, "", {"text": value})["text"]


def _send_spans(endpoint: str) -> None:
    from opentelemetry import trace
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.instrumentation.celery import CeleryInstrumentor
    from opentelemetry.instrumentation.django import DjangoInstrumentor
    from opentelemetry.instrumentation.psycopg2 import Psycopg2Instrumentor
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    provider = TracerProvider(resource=Resource.create({"service.name": "aduan"}))
    exporter = _allowed_only(OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces"))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    trace.set_tracer_provider(provider)
    DjangoInstrumentor().instrument(
        response_hook=_name_span, middleware_position=1
    )  # behind the health check
    CeleryInstrumentor().instrument()  # type: ignore[no-untyped-call]  # it declares no types
    Psycopg2Instrumentor().instrument(skip_dep_check=True)  # psycopg2-binary is the same module


def _name_span(span: Span, request: HttpRequest, response: HttpResponse) -> None:
    if span.is_recording():
        route = route_name(request)
        span.update_name(f"{request.method} {route}")
        span.set_attribute("aduan.route", route)
        span.set_attribute("aduan.request_id", str(response.get("X-Request-ID", "")))


def _allowed_only(exporter: SpanExporter) -> SpanExporter:
    from opentelemetry.sdk.trace import Event as SpanEvent
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
    from opentelemetry.trace import Status

    def kept(attributes: Any) -> dict[str, Any]:
        return {
            key: masked(value) if isinstance(value, str) else value
            for key, value in (attributes or {}).items()
            if key in ALLOWED_ATTRIBUTES
        }

    def reduced(span: ReadableSpan) -> ReadableSpan:
        return ReadableSpan(
            name=masked(span.name),
            context=span.context,
            parent=span.parent,
            resource=span.resource,
            attributes=kept(span.attributes),
            events=[SpanEvent(one.name, kept(one.attributes), one.timestamp) for one in span.events],
            kind=span.kind,
            status=Status(span.status.status_code),
            start_time=span.start_time,
            end_time=span.end_time,
            instrumentation_scope=span.instrumentation_scope,
        )

    class AllowedOnly(SpanExporter):
        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            return exporter.export([reduced(span) for span in spans])

        def shutdown(self) -> None:
            exporter.shutdown()

        def force_flush(self, timeout_millis: int = 30_000) -> bool:
            return exporter.force_flush(timeout_millis)

    return AllowedOnly()
