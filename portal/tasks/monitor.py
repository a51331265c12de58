"""`python -m portal.tasks.monitor`: /metrics for Prometheus on a port of its own, and incidents without beat.

It needs neither beat nor a worker: when they are gone it opens the incident and asks for the mail. The port
is ADUAN_METRICS_PORT (9108), the address ADUAN_METRICS_ADDRESS (127.0.0.1): never reachable through nginx.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
from typing import TYPE_CHECKING, Final

import django
import structlog
from django.db import DatabaseError, close_old_connections, connections
from kombu.exceptions import OperationalError as BrokerError
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily

if TYPE_CHECKING:
    from collections.abc import Iterator

log = structlog.get_logger(__name__)
EVERY_SECONDS: Final = 60.0
PREFIX: Final = "aduan_"


class BusinessCollector:
    """Asks the database at each scrape. When it is away, `aduan_database_up` is 0 and the rest is missing."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        from aduan.core import jobs
        from aduan.monitoring.figures import MEANINGS, exported_figures

        try:
            found = exported_figures(at=jobs.now())
        except DatabaseError:
            log.warning("metrics_without_database")
            yield GaugeMetricFamily(f"{PREFIX}database_up", "1 while the database answers.", value=0)
            return
        yield GaugeMetricFamily(f"{PREFIX}database_up", "1 while the database answers.", value=1)
        for figure in found:
            meaning, label = MEANINGS[figure.name]
            family = GaugeMetricFamily(f"{PREFIX}{figure.name}", meaning, labels=[label] if label else [])
            for value_of_label, value in figure.values.items():
                family.add_metric([value_of_label] if label else [], value)
            yield family

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing: registering must not need the database."""
        return []


class ServedCollector(BusinessCollector):
    """In a thread that ends with the scrape: its connection must end with it."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            yield from list(super().collect())
        finally:
            connections.close_all()


def watch_once(started_at: dt.datetime) -> None:
    """Bring the incidents up to date and ask a worker to send what is due."""
    from aduan.celery import app
    from aduan.core import jobs
    from aduan.monitoring.services import watch

    try:
        watch(at=jobs.now(), started_at=started_at)
    except DatabaseError:
        log.exception("watch_failed")
        return
    try:
        app.send_task("send_outbox")
    except BrokerError:
        log.warning("broker_away")


def serve(address: str, port: int) -> int:
    """Starts the server in threads of its own. Returns its port (another one for 0)."""
    registry = CollectorRegistry()
    registry.register(ServedCollector())
    server, _thread = start_http_server(port, addr=address, registry=registry)
    return int(server.server_port)


def run_monitor() -> None:
    django.setup()
    from aduan.celery import app

    app.loader.import_default_modules()  # the routes: without them the mail waits behind housekeeping
    address = os.environ.get("ADUAN_METRICS_ADDRESS", "127.0.0.1")
    port = serve(address, int(os.environ.get("ADUAN_METRICS_PORT", "9108")))
    log.info("monitor_started", address=address, port=port)
    started_at = dt.datetime.now(dt.UTC)
    pause = threading.Event()
    while True:
        close_old_connections()
        watch_once(started_at)
        pause.wait(EVERY_SECONDS)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aduan.settings")
    run_monitor()
