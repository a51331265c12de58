"""Letters of the outbox to a mail server: a second and worker, and none twice when two workers send.

Floor: the same letters built and handed to the same server over one connection, without the outbox.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from bench.database import scratch
from bench.outcome import Outcome, median, seconds

SIZES = (2_000,)
LIMIT, TURNS = 500, 3
CONTEXT = {"ticket": "AN-23467-ACDEF", "secret": "babad-kafe-lolo", "disposition": "review"}


def measure(size: int) -> Outcome:
    """`size` letters a turn by one worker, then as many by two at once. Limit: letters a second of one."""
    rates, floors = [], []
    with scratch():
        for _turn in range(TURNS):
            with mail_server() as taken:
                floors.append(size / seconds(lambda: _without_outbox(size)))
            with mail_server() as taken:
                _fill(size)
                rates.append(size / seconds(_send_all))
        with mail_server() as taken:
            _fill(size)
            both = seconds(_two_workers)
        twice = taken["letters"] - taken["ids"]
    return Outcome(
        title="letters a second of one worker",
        runs=TURNS,
        median_ratio=median(rates),
        floor=1 / median(floors),
        limit=LIMIT,
        sense="least",
        rows=[
            ("without the outbox", f"{median(floors):,.0f}/s"),
            ("one worker", f"{median(rates):,.0f}/s"),
            ("two workers", f"{size / both:,.0f}/s"),
            ("taken by the server from two workers", f"{taken['letters']:,} of {size:,}, {twice} twice"),
        ],
        also_holds=taken == {"letters": size, "ids": size},
        more={"share_of_floor": round(median(rates) / median(floors), 3)},
    )


@contextlib.contextmanager
def mail_server() -> Iterator[dict[str, int]]:
    """A server in a process of its own; what it took stands in the dict when it has ended."""
    from django.conf import settings

    taken: dict[str, int] = {}
    server = subprocess.Popen(
        [sys.executable, "-m", "bench.mail_sink"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert server.stdout is not None
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", int(server.stdout.readline())
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield taken
    said, _nothing = server.communicate()
    taken.update(json.loads(said))


def _letter(place: int) -> dict[str, Any]:
    return {
        "key": f"bench:{place}",
        "to": f"korban{place}@contoh.example",
        "language": "id",
        "context": CONTEXT,
    }


def _fill(size: int) -> None:
    from aduan.core import jobs
    from aduan.notifications.models import OutboxMessage
    from aduan.notifications.services import enqueue_message

    OutboxMessage.objects.all().delete()
    with transaction.atomic():
        for place in range(size):
            enqueue_message("complaint_received", at=jobs.now(), topic=f"complaint:{place}", **_letter(place))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE notifications_outboxmessage")


def _send_all() -> None:
    from aduan.notifications.models import OutboxMessage
    from portal.tasks import tasks

    while OutboxMessage.objects.filter(state=OutboxMessage.State.WAITING).exists():
        tasks.send_outbox()


def _two_workers() -> None:
    connection.close()
    workers = [multiprocessing.get_context("fork").Process(target=_send_all) for _worker in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


def _without_outbox(size: int) -> None:
    from aduan.notifications.services import OutgoingMessage
    from portal.tasks import mail

    with mail.kept_connection() as deliver:
        for place in range(size):
            letter = OutgoingMessage(
                kind="complaint_received", channel="email", unsubscribe_token="x.y", **_letter(place)
            )
            deliver(letter)
