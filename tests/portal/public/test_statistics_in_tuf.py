"""A stranger with one root, and nothing else, verifies the public figures with a stock TUF client."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from aduan.blocklists import tuf_facts, tuf_metadata
from aduan.blocklists.services import renew
from aduan.blocklists.services.tuf_repository import newest, prepare
from aduan.operators.models import Operator
from aduan.statistics.models import PublishedFile, Snapshot
from aduan.statistics.services import make_snapshot, name_snapshots
from tests.database import as_administrator
from tests.factories.statistics import counted

SCRIPT = Path(__file__).parents[3] / "contrib" / "fetch_statistics.py"
DAY = dt.timedelta(days=1)

pytestmark = pytest.mark.usefixtures("own_keys")


@pytest.fixture
def named(telkomsel: Operator) -> Snapshot:
    at = timezone.now()
    prepare(at=at)
    counted("complaints", "received", dt.date(2026, 9, 5), 1200, category="KURIR", channel="whatsapp")
    made = make_snapshot(at=at)
    assert made is not None
    assert name_snapshots(at=at)
    return made


def fetched(url: str, folder: Path, *day: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-I", str(SCRIPT), f"{url}/statistik/", "root.json", "figures", *day]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.django_db(transaction=True)
def test_a_stranger_verifies_the_newest_snapshot_from_a_root_alone(
    live_server, client: Client, tmp_path: Path, named: Snapshot
) -> None:
    root = client.get("/statistik/tuf/metadata/1.root.json").content
    (tmp_path / "root.json").write_bytes(root)
    done = fetched(live_server.url, tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"snapshot of {named.day}" in done.stdout
    assert {one.name for one in (tmp_path / "figures").glob("*.*")} >= set(named.files)
    assert fetched(live_server.url, tmp_path, named.day.isoformat()).returncode == 0
    assert "names no snapshot" in fetched(live_server.url, tmp_path, "2020-01-01").stderr
    page = client.get("/statistik/data/").content.decode()
    assert "fetch_statistics.py" in page
    with as_administrator() as cursor:  # who holds the database, and no key
        cursor.execute("ALTER TABLE statistics_publishedfile DISABLE TRIGGER USER")
        PublishedFile.objects.filter(pk=named.digest).update(body=b"{}")
    assert "REFUSED" in fetched(live_server.url, tmp_path).stderr


@pytest.mark.django_db
def test_a_snapshot_is_named_once_and_the_page_is_renewed_in_time(named: Snapshot) -> None:
    at = timezone.now()
    assert not name_snapshots(at=at)
    first = newest(tuf_metadata.PUBLIC_STATISTICS)
    assert first is not None
    assert tuf_metadata.PUBLIC_STATISTICS in renew(at=at + 4 * DAY)
    again = newest(tuf_metadata.PUBLIC_STATISTICS)
    assert again is not None
    assert tuf_metadata.targets_in(bytes(again.body)) == tuf_metadata.targets_in(bytes(first.body))
    targets = newest(tuf_metadata.TARGETS)
    assert targets is not None
    facts = tuf_facts.page_facts(tuf_metadata.read(bytes(targets.body)))
    assert any("role of the public figures" in fact for fact in facts), "what holders compare"


@pytest.mark.django_db
def test_the_role_speaks_for_public_figures_alone_and_operators_pages_stay_closed(
    client: Client, named: Snapshot
) -> None:
    targets = json.loads(client.get("/statistik/tuf/metadata/1.targets.json").content)
    roles = {one["name"]: one for one in targets["signed"]["delegations"]["roles"]}
    assert roles["public.statistics"]["paths"] == ["statistics/*/*"]
    assert client.get("/statistik/tuf/metadata/1.public.statistics.json").status_code == 200
    assert client.get("/statistik/tuf/metadata/1.telkomsel.json").status_code == 404
    assert client.get("/statistik/tuf/targets/statistics/latest/x.datapackage.json").status_code == 404
