"""What may be said in a log: an event, ids and masked numbers, one JSON object a line."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# Telephone numbers (shown as +62812****890) and e-mail addresses, wherever they stand in a text.
NUMBER = re.compile(r"(?<![\w-])(\+?62|0)(\d{3})\d{2,8}(\d{3})(?![\w-])")
EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")
# Keys whose values never belong in a log, no matter who puts them there.
PRIVATE = {
    "email",
    "password",
    "narrative",
    "contact",
    "name",
    "secret",
    "token",
    "user_agent",
    "ip",
    "body",
    "query",
}

Event = MutableMapping[str, Any]


def masked(text: str) -> str:
    """`text` with numbers and addresses made unrecognisable."""
    return EMAIL.sub("***@***", NUMBER.sub(r"\1\2****\3", text))


def without_personal_data(_logger: Any, _method: str, event: Event) -> Event:
    for key, value in event.items():
        if key in PRIVATE:
            event[key] = "***"
        elif isinstance(value, str):
            event[key] = masked(value)
    return event


def without_query(_logger: Any, _method: str, event: Event) -> Event:
    """Removes the query of an address, which may name a person or be a secret.

    It stands in django-structlog's `GET /path?query`
    and in the request object that Django's own lines carry.
    """
    request = event.get("request")
    if isinstance(request, str):
        event["request"] = request.split("?", 1)[0]
    elif request is not None:
        event["request"] = f"{getattr(request, 'method', '?')} {getattr(request, 'path', '?')}"
    return event


def formatter() -> logging.Formatter:
    """The one formatter of the process, for structlog's events and for the standard library's."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            without_query,
            without_personal_data,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    )
