"""`python -m portal.tasks.monitor`: /metrics for Prometheus on a port of its own, and incidents without beat.

It needs no beat, no worker and no Valkey: when they are gone it opens the incident and sends its mail. The
port is ADUAN_METRICS_PORT (9108), the address ADUAN_METRICS_ADDRESS (127.0.0.1): never reachable through
nginx.
"""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
from typing import TYPE_CHECKING, Final

import django
import structlog
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections
from kombu.exceptions import OperationalError as BrokerError
from prometheus_client import CollectorRegistry, start_http_server
from prometheus_client.core import GaugeMetricFamily

from portal.tasks import delivery_log, measured, neighbours

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


class MachineCollector:
    """What lies outside the database: the broker's queues, web, the delivery log, exported audit heads."""

    def __init__(self) -> None:
        self.queues = neighbours.Queues()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        queues = GaugeMetricFamily(f"{PREFIX}queue_length", MACHINE["queue_length"], labels=["queue"])
        standing = GaugeMetricFamily(
            f"{PREFIX}queue_standing_seconds", MACHINE["queue_standing_seconds"], labels=["queue"]
        )
        for queue, line in self.queues.read().items():
            queues.add_metric([queue], line.length)
            standing.add_metric([queue], line.standing)
        yield queues
        yield standing
        if settings.WEB_ADDRESS:
            yield _gauge("web_up", not neighbours.web_error())
        bytes_left, seconds = delivery_log.unread()
        yield _gauge("delivery_log_unread_bytes", bytes_left)
        yield _gauge("delivery_log_lag_seconds", seconds)
        heads = (settings.ADUAN_HOME / "audit-heads").glob("*")
        if (newest := max((path.stat().st_mtime for path in heads), default=None)) is not None:
            yield _gauge("audit_head_age_seconds", max(0.0, time.time() - newest))

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing: registering must not need the broker."""
        return []


MACHINE: Final = {
    "queue_length": "Tasks that wait in the broker, by queue.",
    "queue_standing_seconds": "Time for which the same task has been the next of its queue.",
    "web_up": "1 while the portal answers the monitor.",
    "delivery_log_unread_bytes": "Bytes of nginx's delivery log that were not read yet.",
    "delivery_log_lag_seconds": "Time for which the delivery log has had unread lines.",
    "audit_head_age_seconds": "Age of the newest exported head of the audit log.",
}


def _gauge(name: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}{name}", MACHINE[name], value=value)


class ServedCollector(BusinessCollector):
    """In a thread that ends with the scrape: its connection must end with it."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            yield from list(super().collect())
        finally:
            connections.close_all()


def watch_once(started_at: dt.datetime) -> None:
    """Bring the incidents up to date, send the mail about them, and ask a worker to send what else is due."""
    from aduan.celery import app
    from aduan.core import jobs
    from aduan.monitoring.services import record_web, watch
    from portal.tasks import sending
    from portal.tasks.schedule import EXPECTED

    try:
        if settings.WEB_ADDRESS:
            record_web(error=neighbours.web_error(), at=jobs.now())
        watch(at=jobs.now(), started_at=started_at, timetable=EXPECTED)
        sending.send_incidents()
    except DatabaseError:
        log.exception("watch_failed")
        return
    try:
        app.send_task("loop:send_outbox")
    except BrokerError:
        log.warning("broker_away")


def serve(address: str, port: int) -> int:
    """Starts the server in threads of its own. Returns its port (another one for 0)."""
    registry = CollectorRegistry()
    registry.register(ServedCollector())
    registry.register(MachineCollector())
    if settings.METRICS_SINK:
        measured.listen(measured.Measured(registry), _listening_address(settings.METRICS_SINK, address))
    server, _thread = start_http_server(port, addr=address, registry=registry)
    return int(server.server_port)


def _listening_address(sink: str, address: str) -> str:
    """The port that the others send to, on the address that /metrics is served at."""
    return f"{address}:{sink.rpartition(':')[2]}"


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
