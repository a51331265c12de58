"""Metrics and alert rules: what is exported, and that every alert asks for something that exists."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import re
import subprocess
import sys
import time
import urllib.request

import pytest
import yaml
from django.db import OperationalError
from prometheus_client import CollectorRegistry, generate_latest

from aduan.blocklists.services.tuf_renewal import RENEW_BEFORE
from aduan.blocklists.tuf_metadata import ONLINE_KEYS, TOP_ROLES, base_role
from aduan.celery import app
from aduan.core import jobs
from aduan.monitoring import figures as module
from aduan.monitoring.figures import MEANINGS, exported_figures
from aduan.monitoring.queries import last_tick, open_incidents
from aduan.monitoring.services import record_task_run
from aduan.notifications.models import OutboxMessage
from aduan.notifications.services import enqueue_message
from portal.tasks.delivery_log import ended_transfers
from portal.tasks.measured import MEASURED
from portal.tasks.monitor import MACHINE, BusinessCollector, MachineCollector, serve, watch_once
from scripts.checks.sources import PROJECT
from tests.database import database_url
from tests.factories.cases import make_case

RULES = PROJECT / "deploy/prometheus/alerts.yml"
BOARD = PROJECT / "deploy/grafana/aduan.json"
EXPORTED = {f"aduan_{name}" for name in (*MEANINGS, *MACHINE)} | {"aduan_database_up", *MEASURED}
EXPORTED |= {f"{name}_bucket" for name in MEASURED if name.endswith("_seconds")}


def _scraped() -> str:
    registry = CollectorRegistry()
    registry.register(BusinessCollector())
    return generate_latest(registry).decode()


def _alerts() -> list[dict]:
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


@pytest.mark.django_db
def test_the_figures_say_how_much_waits_and_for_how_long(telkomsel, now: dt.datetime):
    case = make_case(telkomsel, at=now)
    enqueue_message("contact_code", key="k", to="siti@example.id", language="id", context={}, at=now)
    record_task_run("send_outbox", error="", at=now)
    record_task_run("watch", error="KeyError", at=now)
    jobs.enqueue("build_list", "due", at=now)
    jobs.enqueue(
        "publish_list", "later", at=now - dt.timedelta(hours=1), run_after=now + dt.timedelta(hours=4)
    )
    found = {one.name: one.values for one in exported_figures(at=now + dt.timedelta(minutes=10))}
    assert found["jobs_oldest_seconds"] == {"": 600}
    assert found["outbox_messages"] == {"waiting": 1}
    assert found["outbox_oldest_seconds"] == {"": 600}
    assert found["cases_waiting"] == {str(case.status): 1}
    assert found["cases_oldest_seconds"] == {str(case.status): 600}
    assert found["beat_last_tick_seconds"] == {"": 600}
    assert found["task_failing"] == {"send_outbox": 0, "watch": 1}
    assert found["incident_open"]["beat_silent"] == 0
    assert "aduan_outbox_messages" in _scraped()


@pytest.mark.django_db
def test_a_database_that_is_away_is_a_figure_and_no_error(monkeypatch):
    def away(*, at: dt.datetime) -> list[module.Figure]:
        raise OperationalError

    monkeypatch.setattr(module, "exported_figures", away)
    assert "aduan_database_up 0.0" in _scraped()


@pytest.mark.django_db(transaction=True)
def test_metrics_are_served_on_their_own_port():
    port = serve("127.0.0.1", 0)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=60) as answer:
        text = answer.read().decode()
    assert "aduan_database_up 1.0" in text
    assert 'aduan_incident_open{condition="beat_silent"} 0.0' in text


def test_what_lies_outside_the_database_is_measured(settings, tmp_path):
    """The delivery log could stand still, and no head be exported, without a figure that shows it."""
    settings.ADUAN_HOME = tmp_path
    settings.DELIVERY_LOG = str(tmp_path / "deliveries.log")
    registry = CollectorRegistry()
    registry.register(MachineCollector())

    def value(name: str) -> float | None:
        return registry.get_sample_value(f"aduan_{name}")

    def seconds(name: str) -> float:
        found = value(f"{name}_seconds")
        assert found is not None
        return found

    assert value("audit_head_age_seconds") is None
    assert (value("delivery_log_unread_bytes"), value("delivery_log_lag_seconds")) == (0, 0)
    (tmp_path / "deliveries.log").write_bytes(b"1 100 OK\n2 100 OK\n")
    assert value("delivery_log_unread_bytes") == 18
    assert len(list(ended_transfers())) == 2
    assert (value("delivery_log_unread_bytes"), value("delivery_log_lag_seconds")) == (0, 0)
    with (tmp_path / "deliveries.log").open("ab") as log:
        log.write(b"3 100 OK\n")
    os.utime(tmp_path / "deliveries-read", (time.time() - 700, time.time() - 700))
    assert seconds("delivery_log_lag") > 600
    (tmp_path / "audit-heads").mkdir()
    (tmp_path / "audit-heads" / "1").touch()
    assert seconds("audit_head_age") < 600
    settings.REDIS_URL = "redis://127.0.0.1:1"
    assert registry.get_sample_value("aduan_queue_length", {"queue": "mail"}) is None


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_the_process_serves_and_watches_while_the_broker_is_away(tmp_path):
    changed = {
        "DATABASE_URL": database_url(),
        "REDIS_URL": "redis://127.0.0.1:1",
        "ADUAN_METRICS_PORT": "0",
    }
    log = tmp_path / "monitor.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal.tasks.monitor"], env=os.environ | changed, cwd=PROJECT, stderr=out
        )
    try:
        deadline = time.monotonic() + 60
        while b"broker_away" not in log.read_bytes():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        [started] = [line for line in log.read_text().splitlines() if "monitor_started" in line]
        address = f"http://127.0.0.1:{json.loads(started)['port']}/metrics"
        with urllib.request.urlopen(address, timeout=60) as answer:
            assert b"aduan_database_up 1.0" in answer.read()
    finally:
        process.kill()
        process.wait()


@pytest.mark.django_db
def test_without_beat_the_monitor_opens_the_incident_and_its_mail(rini):
    watch_once(dt.datetime.now(dt.UTC) - dt.timedelta(minutes=6))
    assert [incident.condition for incident in open_incidents()] == ["beat_silent"]
    assert OutboxMessage.objects.filter(kind="incident").count() == 1


@pytest.mark.django_db
def test_the_mail_that_the_monitor_asks_for_is_no_sign_of_life_of_beat(monkeypatch):
    """Asked for every minute, it kept a dead beat from being seen while a worker lived."""
    asked: list[str] = []
    monkeypatch.setattr(app, "send_task", asked.append)
    watch_once(dt.datetime.now(dt.UTC))
    app.loader.import_default_modules()
    for name in asked:
        app.tasks[name].apply(throw=True)
    assert len(asked) == 1
    assert last_tick() is None


@pytest.mark.django_db
def test_a_beat_that_is_just_starting_is_not_silent():
    watch_once(dt.datetime.now(dt.UTC))
    assert open_incidents() == []


@pytest.mark.parametrize("alert", _alerts(), ids=lambda alert: alert["alert"])
def test_every_alert_asks_for_exported_figures_and_has_a_runbook(alert: dict):
    asked = set(re.findall(r"aduan_\w+", alert["expr"]))
    assert asked
    assert asked <= EXPORTED
    page = PROJECT / alert["annotations"]["runbook_url"]
    assert page.read_text(encoding="utf-8").startswith(f"# {alert['alert']}\n")
    assert "**What to do.**" in page.read_text(encoding="utf-8")


def test_the_alert_on_signatures_is_silent_while_they_are_renewed_in_time():
    """Pages of online keys live for a week, and had to last longer than that: it fired from the first day."""
    [alert] = [one for one in _alerts() if one["alert"] == "AduanSignatureExpires"]
    limits = re.findall(r'role(=|=~|!~)"([^"]+)"} < ([0-9* ]+)\)', alert["expr"])
    assert len(limits) == 4
    for role in (*TOP_ROLES, "telkomsel", *(f"telkomsel.{which}" for which in ONLINE_KEYS)):
        [seconds] = [
            math.prod(map(int, limit.split("*")))
            for sign, roles, limit in limits
            if bool(re.fullmatch(roles, role)) == (sign != "!~")
        ]
        assert 0 < seconds < RENEW_BEFORE[base_role(role)].total_seconds(), role


def test_every_runbook_belongs_to_an_alert():
    pages = {
        f"docs/operations/runbooks/{page.name}" for page in (PROJECT / "docs/operations/runbooks").iterdir()
    }
    assert pages == {alert["annotations"]["runbook_url"] for alert in _alerts()}


def test_the_dashboard_asks_for_exported_figures_only():
    panels = json.loads(BOARD.read_text())["panels"]
    asked = {
        name for panel in panels for one in panel["targets"] for name in re.findall(r"aduan_\w+", one["expr"])
    }
    assert len(panels) > 10
    assert asked <= EXPORTED
