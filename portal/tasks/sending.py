"""One run that sends what waits in the outbox: of a worker all of it, of the monitor what incidents say."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from django.db import connection

from aduan.core import jobs
from aduan.notifications import services as notifications
from portal.tasks import mail

BATCH: Final = 100  # messages over one connection to the mail server
CONNECTIONS: Final = 3  # to the mail server, from a worker that has more than a batch to send
SENDING_SECONDS: Final = 15.0  # a run ends before the next one is due


def send_messages(*, codes: bool) -> None:
    """All that is due, until the next run begins; over several connections when a first batch was full.

    One letter waits for the database and twice for the mail server. Each connection claims letter by letter.
    """
    end = time.monotonic() + SENDING_SECONDS
    if _send_batch(codes=codes) < BATCH:
        return
    with ThreadPoolExecutor(CONNECTIONS - 1, thread_name_prefix="letters") as others:
        beside = [others.submit(_send_beside, codes, end) for _place in range(CONNECTIONS - 1)]
        _send_until(codes, end)
        for lane in beside:
            lane.result()


def send_incidents() -> None:
    """The letters about incidents alone, for a process without a broker. A mail server that hangs ends it."""
    end = time.monotonic() + SENDING_SECONDS
    with mail.kept_connection() as deliver:
        while time.monotonic() < end:
            if not notifications.send_due(deliver, at=jobs.now(), kind="incident", limit=1).taken:
                return


def _send_beside(codes: bool, end: float) -> None:
    try:
        _send_until(codes, end)
    finally:
        connection.close()  # a thread's own


def _send_until(codes: bool, end: float) -> None:
    while time.monotonic() < end:
        if _send_batch(codes=codes) < BATCH:
            return


def _send_batch(*, codes: bool) -> int:
    with mail.kept_connection() as deliver:
        return notifications.send_due(deliver, at=jobs.now(), codes=codes, limit=BATCH).taken
