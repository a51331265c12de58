"""The id of the request that caused a row: the process that goes on with the row logs under the same id.

nginx makes the id, the web process binds it to its log lines, and a message, a file or a job that the request
leaves behind carries it. A worker that takes the row up binds it again.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Final

import structlog

MAX_LENGTH: Final = 64  # portal.common.middleware takes none that is longer


def current_request_id() -> str:
    """The id that this process logs under now; empty where no request or task runs."""
    return str(structlog.contextvars.get_contextvars().get("request_id") or "")[:MAX_LENGTH]


def under_request_id(request_id: str) -> AbstractContextManager[None]:
    """Log lines inside carry `request_id`; an empty one leaves them as they are."""
    if not request_id:
        return nullcontext()
    return structlog.contextvars.bound_contextvars(request_id=request_id)
