"""Several threads of one test at the same moment, each with a database connection of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from django.db import connection

Result = TypeVar("Result")


def at_once(work: Callable[[int], Result], count: int, threads: int = 0) -> list[Result]:
    """Runs `work` for 0 … count-1; all threads, by default one for each, start at the same instant.

    The results come in no order. Raises what one of them raised.
    """
    threads = threads or count
    barrier = Barrier(threads)
    further = iter(range(threads, count))
    results: list[Result] = []

    def one(first: int) -> None:
        try:
            connection.ensure_connection()
            barrier.wait(30)
            results.append(work(first))
            for turn in further:
                results.append(work(turn))
        finally:
            connection.close()

    with ThreadPoolExecutor(threads) as pool:
        for running in [pool.submit(one, turn) for turn in range(threads)]:
            running.result()
    assert len(results) == count
    return results
