"""The loop of candidates, holds, their ends and removals: within seconds, without beat and without Valkey.

It waits on PostgreSQL: a signature wakes it (`cases_hold_announced`), and it asks by itself every second. It
is a part of the process `lists`, the only one with private keys (portal.tasks.workers). What it does may be
done by another process at the same time, and whatever it dies of, the next round finds out what is missing.
"""

from __future__ import annotations

import select
import signal
import time
from typing import TYPE_CHECKING, Final

import structlog
from django.db import DatabaseError, InterfaceError, close_old_connections, connection

from aduan.blocklists import services as lists
from aduan.blocklists.queries import newest_page_id
from aduan.complaints import services as complaints
from aduan.core import jobs
from aduan.monitoring import services as monitoring
from aduan.monitoring.models import FAST_LISTS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

log = structlog.get_logger(__name__)
ROUND_SECONDS: Final = 1.0  # seconds
HEARTBEAT: Final = 15.0
CANDIDATES: Final = 5.0
RENEWAL: Final = 300.0  # the signatures of the repository, which the timetable asks for as well


class FastLists:
    """The rounds of one process."""

    def __init__(self) -> None:
        self._leaving = False
        self._page = -1
        self._due = {HEARTBEAT: 0.0, CANDIDATES: 0.0, RENEWAL: 0.0}
        self._error = ""
        self._listening: object = None  # the driver's connection that was asked to announce

    def leave(self, _number: int = 0, _frame: object = None) -> None:
        self._leaving = True

    def run(self) -> None:
        while not self._leaving:
            try:
                close_old_connections()
                self.go_round()
                self.wait_for_work(ROUND_SECONDS)
            except (DatabaseError, InterfaceError) as error:
                log.warning("fast_lists_without_database", error=type(error).__name__)
                connection.close()
                time.sleep(ROUND_SECONDS)

    def go_round(self) -> None:
        """Publish what is to be published now. Raises DatabaseError or InterfaceError without a database."""
        at = jobs.now()
        for act in (lists.end_finished_holds, lists.build_holds, lists.build_removals):
            self._do(act, at)
        if self._is_due(CANDIDATES):
            self._do(complaints.find_hold_candidates, at)
        if self._is_due(RENEWAL):
            self._do(lists.renew, at)
        page = newest_page_id()
        if page != self._page:
            lists.write_versions(at=at)
            self._page = page
        if self._is_due(HEARTBEAT):
            monitoring.record_task_run(FAST_LISTS, error=self._error, at=at)
            self._error = ""

    def wait_for_work(self, seconds: float) -> bool:
        """Waits until a hold is signed or ends, or so long; whether something was announced.

        Raises DatabaseError or InterfaceError.
        """
        connection.ensure_connection()
        raw = connection.connection
        if raw is not self._listening:
            with connection.cursor() as cursor:
                cursor.execute("LISTEN cases_hold")
            self._listening = raw
        with connection.wrap_database_errors:
            raw.poll()
            if not raw.notifies:
                select.select([raw], [], [], seconds)
                raw.poll()
        announced = bool(raw.notifies)
        raw.notifies.clear()
        return announced

    def _do(self, act: Callable[..., object], at: dt.datetime) -> None:
        """One act that fails must not keep the others; the next heartbeat says what went wrong."""
        try:
            act(at=at)
        except (DatabaseError, InterfaceError):
            self._error = "DatabaseError"
            raise
        except Exception as error:
            self._error = type(error).__name__
            log.exception("fast_lists_failed", act=act.__name__)

    def _is_due(self, seconds: float) -> bool:
        now = time.monotonic()
        if self._due[seconds] > now:
            return False
        self._due[seconds] = now + seconds
        return True


def run() -> None:
    """Until SIGTERM or SIGINT."""
    rounds = FastLists()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, rounds.leave)
    rounds.run()
