"""How many complaints one process writes at a time: those about one number would all wait inside PostgreSQL.

Two dozen transactions that wait for the row of one case make it slower, and the last of them run into the
limit on locks: under load a few complaints in a hundred were answered 503. One that waits here holds nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

AT_A_TIME: Final = 4
PATIENCE: Final = 2.0  # seconds; then it goes on by itself, and a server that is away is noticed as before
_turns: Final = threading.BoundedSemaphore(AT_A_TIME)


@contextmanager
def in_turn() -> Iterator[None]:
    """Waits until fewer than AT_A_TIME others of this process are inside, or until patience ends."""
    taken = _turns.acquire(timeout=PATIENCE)
    try:
        yield
    finally:
        if taken:
            _turns.release()
