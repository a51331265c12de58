"""What a page costs: its server time, how much of it the database took, in how many statements."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client


@dataclass(slots=True)
class Visit:
    """Seconds. `rows` is how often `marked` stands in the page: its lines of the queue, its complaints."""

    page: float = 0.0
    database: float = 0.0
    statements: int = 0
    rows: int = 0

    def __call__(self, execute: Callable[..., Any], *what: Any) -> Any:
        start = time.perf_counter()
        try:
            return execute(*what)
        finally:
            self.database += time.perf_counter() - start
            self.statements += 1


def visit(client: Client, address: str, asked: dict[str, str], *, marked: str) -> Visit:
    """Through middleware, view and template. Raises when the page is not there."""
    seen = Visit()
    with connection.execute_wrapper(seen):
        start = time.perf_counter()
        response = client.get(address, asked)
        seen.page = time.perf_counter() - start
    if response.status_code != 200:
        raise RuntimeError(f"{address} {asked}: {response.status_code}")
    seen.rows = response.content.decode().count(marked)
    return seen


def p95(values: list[float]) -> float:
    return sorted(values)[max(int(len(values) * 0.95) - 1, 0)]


def shown_ms(seconds: float) -> str:
    return f"{seconds * 1000:.1f} ms"
