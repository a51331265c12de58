"""Whether a kept connection still lives, once a request, without a round trip."""

from __future__ import annotations

import select
import time
from typing import Any, Final

from django.db.backends.postgresql import base

_ASKED_AFTER: Final = 5.0  # seconds


class DatabaseWrapper(base.DatabaseWrapper):
    """A server that ends a connection says so on its socket, where a quiet one has nothing to read.

    One that fell silent (a machine that lost its power) cannot say so: it is asked every few seconds.
    """

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self._asked_at = float("-inf")

    def close_if_health_check_failed(self) -> None:
        now = time.monotonic()
        if now - self._asked_at < _ASKED_AFTER and not self._has_something_to_read():
            self.health_check_done = True
        elif not self.health_check_done:
            super().close_if_health_check_failed()
            self._asked_at = now

    def _has_something_to_read(self) -> bool:
        if self.connection is None or self.connection.closed:
            return True
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return bool(waiting.poll(0))
