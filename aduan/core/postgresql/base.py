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
        self._alive_at = float("-inf")

    def is_usable(self) -> bool:
        now = time.monotonic()
        if now - self._alive_at < _ASKED_AFTER and not self._has_something_to_read():
            return True
        usable = super().is_usable()
        self._alive_at = now if usable else float("-inf")
        return usable

    def _has_something_to_read(self) -> bool:
        if self.connection is None or self.connection.closed:
            return True
        waiting = select.poll()
        waiting.register(self.connection.fileno(), select.POLLIN)
        return bool(waiting.poll(0))
