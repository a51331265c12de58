"""The parts that watch the layout and save it: figures for Prometheus, and a backup that can be restored."""

from __future__ import annotations

import json
import os
import re
import urllib.request
from pathlib import Path

import pytest

from tests.production import people
from tests.production.layout import Layout, until
from tests.production.test_journey import complain

pytestmark = [pytest.mark.production, pytest.mark.faults]


def scraped(layout: Layout) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{layout.ports['metrics']}/metrics", timeout=30) as answer:
        return str(answer.read().decode())


def value(text: str, name: str) -> float | None:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.M)
    return float(found[1]) if found else None


def test_prometheus_gets_its_figures_and_they_see_the_backup(layout: Layout) -> None:
    """No service of the file served them, and none saved anything."""
    assert value(scraped(layout), "aduan_database_up") == 1
    for kind in ("aduan_tasks_total{", 'aduan_queue_length{queue="mail"}'):
        until(lambda: kind in scraped(layout), f"{kind} among the figures", layout)  # noqa: B023
    for act in ("base", "files", "wal"):
        name = f'aduan_task_success_seconds{{task="backup:{act}"}}'
        until(lambda: value(scraped(layout), name) is not None, f"the backup's {act}", layout)  # noqa: B023
    assert value(scraped(layout), 'aduan_incident_open{condition="backup_late"}') is not None


def test_what_was_confirmed_is_in_the_backup_within_a_minute(layout: Layout, tmp_path: Path) -> None:
    """The drill is run as an engineer runs it: the offline key comes to the machine for that time."""
    if "nginx" in layout.running:
        complain(people.citizen(layout), "0812-7000-4399", with_picture=False)
    shipped = layout.folder / "backup/set/wal/shipped.json"
    before = shipped.stat().st_mtime
    until(lambda: shipped.stat().st_mtime > before, "the next shipment of WAL", layout, seconds=60)
    # What the service does every five minutes: the database that is restored names files up to now.
    layout.run_once("python", "manage.py", "backup", "files", part="backup")
    identity = layout.folder / "offline.key"
    identity.write_text(f"{layout.offline_key}\n", encoding="ascii")
    os.chown(identity, layout.image.user.uid, layout.image.user.gid)
    identity.chmod(0o400)
    said = layout.run_once(
        "python", "manage.py", "restore", "--drill", "--identity", str(identity), "--account", "",
        part="backup",
    )  # fmt: skip
    assert "verified:" in said, said
    age = re.search(r"RPO: .* (\d+) s ago", said)
    assert age, said
    assert int(age[1]) <= 60 + 60  # the drill itself took some of it


def test_a_killed_backup_goes_on_where_it_was(layout: Layout) -> None:
    starts = layout.running["backup"].starts
    layout.kill("backup")
    until(lambda: layout.running["backup"].starts > starts, "the backup to be started again", layout)
    shipped = layout.folder / "backup/set/wal/shipped.json"
    before = shipped.stat().st_mtime
    until(lambda: shipped.stat().st_mtime > before, "WAL to be shipped again", layout)


@pytest.mark.parametrize("name", ["web", "worker", "lists", "beat", "monitor"])
def test_each_line_of_a_log_is_one_object(layout: Layout, name: str) -> None:
    """gunicorn's own lines, such as that a process of `web` was killed, came as tracebacks of the logging."""
    lines = (layout.folder / "log" / f"{name}.log").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not isinstance(json.loads(line), dict)] == []
    if name == "web":
        assert [line for line in lines if "Booting worker" in line]
