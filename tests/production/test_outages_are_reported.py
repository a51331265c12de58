"""What is away or full on the layout: the figures say so, and administrators get a mail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.nginx import free_port
from tests.production.layout import Layout, until
from tests.production.test_watched_and_saved import scraped, value

pytestmark = [pytest.mark.production, pytest.mark.faults]
WAITS = 'aduan_queue_length{queue="mail"}'


@contextmanager
def _away(layout: Layout, name: str) -> Iterator[None]:
    """The part is killed and not started again before the end."""
    layout.running[name].wanted = False
    layout.kill(name)
    try:
        yield
    finally:
        layout.running[name].wanted = True


@contextmanager
def _second_monitor(layout: Layout, **changes: str) -> Iterator[None]:
    """The part with the keys and networks of its own, and other limits."""
    ports = {"ADUAN_METRICS_PORT": str(free_port()), "ADUAN_METRICS_SINK": ""}
    with layout.beside("monitor", layout.open_log("second-monitor"), **ports, **changes):
        yield


def _is_mailed(layout: Layout, words: str, since: int) -> bool:
    return f"Gangguan: {words}" in [letter["Subject"] for letter in layout.mail.taken[since:]]


def test_the_mail_about_a_silent_beat_leaves_without_valkey(layout: Layout) -> None:
    before = len(layout.mail.taken)
    with _away(layout, "redis"):
        with _second_monitor(layout, ADUAN_MONITORING='{"beat_minutes": 0}'):
            until(
                lambda: _is_mailed(layout, "Tidak ada tugas terjadwal yang berjalan", before),
                "the mail",
                layout,
            )
        assert value(scraped(layout), WAITS) is None
    until(lambda: value(scraped(layout), WAITS) is not None, "the monitor to find Valkey again", layout)


def test_a_disk_that_is_nearly_full_is_mailed(layout: Layout) -> None:
    before = len(layout.mail.taken)
    with _second_monitor(layout, ADUAN_STAGING_DISK_FLOOR_MB="90000000"):
        until(lambda: _is_mailed(layout, "Sebuah disk hampir penuh", before), "the mail", layout)


def test_the_figures_say_that_web_is_away(layout: Layout) -> None:
    assert value(scraped(layout), "aduan_web_up") == 1
    with _away(layout, "web"):
        until(lambda: value(scraped(layout), "aduan_web_up") == 0, "the monitor to miss web", layout)
    layout.wait_until_healthy("web")
    until(lambda: value(scraped(layout), "aduan_web_up") == 1, "the monitor to find web again", layout)
