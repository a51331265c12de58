"""PostgreSQL, Valkey, the workers and what the incidents say."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from typing import Final

import redis
from django.conf import settings
from django.core import checks
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from aduan import environment
from aduan.blocklists.services import keys
from aduan.core import jobs
from aduan.monitoring import queries
from aduan.monitoring.conditions import ADVICE, Condition
from aduan.monitoring.models import BACKUP, TaskRun
from portal.common.broker import broker_client
from portal.management.doctor.report import Observation, alarm, attention, well

_CLOCK_TOLERANCE: Final = dt.timedelta(seconds=5)
_LONG_QUEUE: Final = 1000
_CONNECTIONS_LEFT: Final = 10


def database() -> Iterator[Observation]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, version(), current_setting('max_connections')::int"
            " - current_setting('superuser_reserved_connections')::int"
            " - (SELECT count(*) FROM pg_stat_activity)"
        )
        role, version, left = cursor.fetchone()
    yield well(f"PostgreSQL answers as {role}: {version.split(' on ')[0]}")
    if left < _CONNECTIONS_LEFT:
        yield alarm(
            f"PostgreSQL has {left} connections left", "raise max_connections, or lower ADUAN_WEB_WORKERS"
        )
    executor = MigrationExecutor(connection)
    if waiting := executor.migration_plan(executor.loader.graph.leaf_nodes()):
        yield alarm(f"{len(waiting)} migrations were not applied", "deploy/entrypoint.sh migrate")


def clock() -> Iterator[Observation]:
    """Tasks go by the database's clock; certificates and one-time codes by this machine's."""
    apart = abs(jobs.now() - dt.datetime.now(dt.UTC))
    if apart > _CLOCK_TOLERANCE:
        yield alarm(
            f"this clock and the database's are {apart.total_seconds():.0f} s apart", "look at NTP on both"
        )
    else:
        yield well("this clock and the database's agree")


def settings_of_production() -> Iterator[Observation]:
    """What `check --deploy` says; its hints are the advice."""
    found = checks.run_checks(include_deployment_checks=True, databases=["default"])
    for message in found:
        finding = alarm if message.level >= checks.ERROR else attention
        yield finding(f"{message.id}: {message.msg}", message.hint or "manage.py check --deploy")
    if not found:
        yield well("the settings pass Django's deployment check")
    for sentence in environment.unknown_names(os.environ) if settings.PRODUCTION else ():
        yield attention(sentence, "the names stand in .env.example")
    if settings.PRODUCTION and not settings.SERVICE_OWNER:
        yield alarm(
            "every page and letter names a demo ministry", "set ADUAN_SERVICE_OWNER (portal/common/owner.py)"
        )
    if settings.PRODUCTION and settings.SECURE_HSTS_SECONDS < 86_400:
        yield attention(
            f"browsers hold us to https for {settings.SECURE_HSTS_SECONDS} s only",
            "let ADUAN_HSTS_SECONDS grow to 86400, then 31536000 (docs/operations/install.md)",
        )


def broker() -> Iterator[Observation]:
    with broker_client(seconds=2) as client:
        try:
            names = client.scan_iter(f"{settings.QUEUE_PREFIX}.*", _type="list")
            lengths = {name.decode().rpartition(".")[2]: int(client.llen(name)) for name in names}
        except redis.RedisError as error:
            yield alarm(
                f"Valkey does not answer ({type(error).__name__}): complaints are taken in, tasks wait",
                "start it; nothing is lost, the workers go on by themselves",
            )
            return
    yield well("Valkey answers")
    for queue, length in lengths.items():
        if length > _LONG_QUEUE:
            yield attention(
                f"{length} tasks wait in the queue {queue}",
                f"look at the worker of {queue}: ADUAN_WORKER_SLOTS",
            )


def scheduled_tasks() -> Iterator[Observation]:
    tick = queries.last_tick()
    if tick is None:
        yield alarm("no scheduled task has ever come to its end", "start the parts beat and worker")
        return
    minutes = (jobs.now() - tick).total_seconds() / 60
    if minutes >= 5:
        yield alarm(f"no scheduled task came to its end for {minutes:.0f} minutes", "restart beat and worker")
    else:
        yield well("beat and worker run")


def incidents() -> Iterator[Observation]:
    found = queries.open_incidents()
    for incident in found:
        names = f": {', '.join(incident.subjects)}" if incident.subjects else ""
        yield alarm(
            f"{incident.label} ({incident.amount}{names})", str(ADVICE[Condition(incident.condition)])
        )
    if not found:
        yield well("no incident is open")


def backups() -> Iterator[Observation]:
    if not settings.BACKUP_RECIPIENT:
        yield alarm(
            "nothing is backed up", "set ADUAN_BACKUP_RECIPIENT and the rest: docs/operations/disaster.md"
        )
        return
    runs = {run.task.removeprefix(BACKUP): run for run in TaskRun.objects.filter(task__startswith=BACKUP)}
    now = jobs.now()
    for act in ("base", "files", "wal"):
        run = runs.get(act)
        if run is None or run.succeeded_at is None:
            yield alarm(f"backup {act} has never succeeded", "look at the part backup")
        else:
            yield well(
                f"backup {act} succeeded {(now - run.succeeded_at).total_seconds() / 60:.0f} minutes ago"
            )


def list_keys() -> Iterator[Observation]:
    """A person who takes a machine that serves must not be able to say what the lists are trusted by."""
    here = [path.name for path in keys.offline_keys_here()]
    if here:
        yield alarm(
            f"offline keys lie on this machine: {', '.join(here)}",
            f"move them out of {keys.folder()} to machines that serve nothing (docs/operations.md)",
        )
    else:
        yield well("no root and no targets key lies on this machine")
