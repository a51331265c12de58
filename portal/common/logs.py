"""What may be said in a log: an event, ids, durations and masked numbers, one JSON object a line.

Every text is bounded before it is masked, and masking takes time in proportion to its length. A handler
writes each line to stderr before the call that logs it returns, so a killed process loses none.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import time
from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, Final

import structlog
from django.urls import Resolver404, resolve

if TYPE_CHECKING:
    from django.http import HttpRequest

# Telephone numbers (shown as +62812****890) and e-mail addresses, wherever they stand in a text. Each match
# starts where a run of its characters starts and gives nothing back: no text is read more than a few times.
NUMBER = re.compile(r"(?<![\w-])(\+?62|0)(\d{3})\d{2,8}(\d{3})(?![\w-])")
_AS_LONG_AS_A_NUMBER: Final = re.compile(r"\d{9}")  # the shortest that NUMBER knows
EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++\.[\w.-]++")
# The random part of a link that opens something to its holder, in a path that a library writes down: long
# and with a digit, but no file of Python's.
SECRET_SEGMENT = re.compile(
    r"(?<=/)(?=[a-zA-Z_.:=-]*\d)(?![\w.:=-]*+(?<=\.py))[\w.:=-]{16,}+(?=[/?#\s'\"\\]|$)"
)
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
MAX_TEXT: Final = 4_000  # characters of one value
MAX_TRACEBACK: Final = 40_000  # of a traceback, its end
MAX_DEPTH: Final = 6
NO_ROUTE: Final = "no-route"
STARTED: Final = "started_ns"  # bound by whatever begins a request or a task (time.monotonic_ns)

Event = MutableMapping[str, Any]


def masked(text: str) -> str:
    """`text` with numbers and addresses made unrecognisable."""
    return EMAIL.sub("***@***", NUMBER.sub(r"\1\2****\3", text))


def bounded(text: str, limit: int = MAX_TEXT) -> str:
    """The first `limit` characters, and how many there were."""
    return text if len(text) <= limit else f"{text[:limit]}… ({len(text)} characters)"


def route_name(request: HttpRequest) -> str:
    """The name of the view's URL pattern, such as `public:progress`: what a log says instead of the path."""
    match = getattr(request, "resolver_match", None)
    if match is None:
        try:
            match = resolve(request.path_info)
        except Resolver404:
            return NO_ROUTE
    return str(match.view_name or match.route)


def without_personal_data(_logger: Any, _method: str, event: Event) -> Event:
    """Masks every value, also inside lists and mappings."""
    traceback = event.pop("exception", None)
    for key, value in event.items():
        event[key] = "***" if key in PRIVATE else _clean(value, MAX_DEPTH)
    if traceback is not None:
        text = str(traceback)[-MAX_TRACEBACK:]
        event["exception"] = masked(SECRET_SEGMENT.sub("***", text))
    return event


def _clean(value: Any, depth: int) -> Any:
    if isinstance(value, str):
        return _clean_text(value)
    if value is None or isinstance(value, int | float):
        return value
    if depth and isinstance(value, Mapping):
        return {
            bounded(str(key), 100): "***" if key in PRIVATE else _clean(one, depth - 1)
            for key, one in value.items()
        }
    if depth and isinstance(value, list | tuple | set):
        return [_clean(one, depth - 1) for one in value]
    return _clean_text(str(value))


def _clean_text(text: str) -> str:
    """Most texts are names and ids that hold nothing to hide, which three quick tests show."""
    text = bounded(text)
    if "@" not in text and "/" not in text and not _AS_LONG_AS_A_NUMBER.search(text):
        return text
    return masked(SECRET_SEGMENT.sub("***", text))


def route_instead_of_path(_logger: Any, _method: str, event: Event) -> Event:
    """Django's own lines carry the request and end with its path, which may be a secret link.

    Both become the name of the route.
    """
    request = event.get("request")
    if isinstance(request, str):
        event["request"] = request.split("?", 1)[0]
    elif request is not None and hasattr(request, "path_info"):
        route = route_name(request)
        event["request"] = f"{getattr(request, 'method', '?')} {route}"
        path = str(request.path).encode("unicode_escape").decode("ascii")
        text = str(event.get("event", ""))
        for end in (path, str(request.path)):
            if end and text.endswith(f": {end}"):
                event["event"] = f"{text[: -len(end)]}{route}"
                break
    return event


def with_duration(_logger: Any, _method: str, event: Event) -> Event:
    """Milliseconds since the request or the task began, on every line that belongs to one."""
    started = event.pop(STARTED, None)
    if isinstance(started, int) and "duration_ms" not in event:
        event["duration_ms"] = round((time.monotonic_ns() - started) / 1e6, 1)
    return event


_as_json: Final = json.JSONEncoder(ensure_ascii=False, default=str).encode
_RENDERED: Final = "aduan_line"


def write_line(logger: logging.Logger, level: int, event: str, **values: Any) -> None:
    """The line that structlog would write, in a third of the time: each request writes two."""
    if not logger.isEnabledFor(level):
        return
    line: Event = {
        **values,
        "event": event,
        **structlog.contextvars.get_contextvars(),
        "logger": logger.name,
        "level": logging.getLevelName(level).lower(),
        "timestamp": dt.datetime.now(dt.UTC).isoformat().replace("+00:00", "Z"),
    }
    line = without_personal_data(logger, "", with_duration(logger, "", line))
    record = logging.LogRecord(logger.name, level, "", 0, line, (), None)
    setattr(record, _RENDERED, _as_json(line))
    logger.handle(record)


class _Formatter(structlog.stdlib.ProcessorFormatter):
    def format(self, record: logging.LogRecord) -> str:
        return getattr(record, _RENDERED, "") or super().format(record)


def formatter() -> logging.Formatter:
    """The one formatter of the process, for structlog's events and for the standard library's."""
    # What no line says need not be found out for each.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
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
    return _Formatter(
        foreign_pre_chain=shared,
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            route_instead_of_path,
            with_duration,
            without_personal_data,
            structlog.processors.JSONRenderer(ensure_ascii=False, default=str),
        ],
    )


class OneLineAnOutage(logging.Filter):
    """For beat: a broker that is away is said in one line, then less and less often until it is back.

    Beat itself writes a traceback and its whole stack for every task that it cannot announce.
    """

    FIRST_PAUSE: Final = 60.0  # seconds; each further one is twice as long
    LONGEST_PAUSE: Final = 3600.0
    OVER_AFTER: Final = 300.0  # without a failure

    def __init__(self) -> None:
        super().__init__()
        self._pause = self._silent_until = self._failed_at = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.exc_info:
            return True
        now = time.monotonic()
        if not self._failed_at or now - self._failed_at > self.OVER_AFTER:
            self._pause = self._silent_until = 0.0
        self._failed_at = now
        if now < self._silent_until:
            return False
        self._pause = min(self._pause * 2 or self.FIRST_PAUSE, self.LONGEST_PAUSE)
        self._silent_until = now + self._pause
        record.msg, record.args = "%s", (record.exc_info[1],)
        record.exc_info = record.exc_text = None
        return True
