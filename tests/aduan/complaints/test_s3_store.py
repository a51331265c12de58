"""Evidence in a bucket: the same behaviour as in a folder, and machines share nothing but the bucket.

“S3 is a setting” had no driver in the image, and the sweep listed the whole store.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.storage import storages
from PIL import Image

from aduan.complaints.evidence import s3, storage
from aduan.complaints.models import Evidence
from aduan.complaints.services import (
    StoreAway,
    folders_due,
    process_evidence,
    purge_orphaned_files,
    require_store,
    store_trouble,
)
from portal.public.staging_limits import free_bytes
from tests.database import database_url
from tests.factories import files
from tests.factories.complaints import complaint
from tests.s3_server import BUCKET, LOGIN, S3Server

BACKEND = "aduan.complaints.evidence.s3.PrivateS3Storage"
PROJECT = Path(__file__).resolve().parents[3]
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def server(monkeypatch) -> Iterator[S3Server]:
    for name, value in LOGIN.items():
        monkeypatch.setenv(name, value)
    made = S3Server()
    yield made
    made.stop()


@pytest.fixture
def bucket(server: S3Server, settings) -> Iterator[S3Server]:
    mount(settings, server.options)
    yield server
    vars(storages)["_storages"].clear()


def mount(settings, options: dict[str, str]) -> None:
    settings.STORAGES = settings.STORAGES | {"evidence": {"BACKEND": BACKEND, "OPTIONS": options}}
    vars(storages)["_storages"].clear()  # Django makes a store once


@pytest.mark.django_db
def test_a_file_goes_through_quarantine_to_its_clean_copy(bucket, telkomsel, now) -> None:
    complaint(now, evidence=[files.upload(files.jpeg())])
    row = Evidence.objects.get()
    assert process_evidence(row.pk, at=now) == "clean"
    row.refresh_from_db()
    assert Image.open(io.BytesIO(storage.fetch(row.derivative))).width == row.width
    assert {storage.MARKER, row.original, row.derivative, row.thumbnail} == set(bucket.names())
    with pytest.raises(ValueError, match="no address"):
        storage.evidence_storage().url(row.derivative)


@pytest.mark.django_db
def test_a_server_that_is_away_is_later_and_never_a_verdict(
    bucket, telkomsel, now, settings, monkeypatch
) -> None:
    complaint(now, evidence=[files.upload(files.jpeg())])
    row = Evidence.objects.get()
    monkeypatch.setattr(s3, "ATTEMPTS", 1)
    mount(settings, bucket.options | {"endpoint_url": "http://127.0.0.1:9"})
    assert store_trouble() == "unreachable"
    with pytest.raises(StoreAway):
        process_evidence(row.pk, at=now)
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("quarantined", 0)
    mount(settings, bucket.options)
    assert process_evidence(row.pk, at=now) == "clean"


@pytest.mark.django_db
def test_a_server_that_never_answers_keeps_one_visitor_waiting_and_not_all(
    server, telkomsel, now, settings, monkeypatch
) -> None:
    """FT17: each file waited a minute and a half for itself; eight such forms, and the portal stood."""
    monkeypatch.setattr(s3, "READ_SECONDS", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        mount(settings, server.options | {"endpoint_url": f"http://127.0.0.1:{silent.getsockname()[1]}"})
        for _visitor in range(4):
            with pytest.raises(StoreAway):
                complaint(now, "0813-0000-0001", evidence=[files.upload(files.jpeg())])
        assert complaint(now, "0813-0000-0002").ticket
        silent.settimeout(0.5)
        assert _taken(silent) <= s3.ATTEMPTS
        vars(storage.evidence_storage())["_away_until"] = 0.0  # a quarter of a minute later
        with pytest.raises(StoreAway):
            require_store()
        assert _taken(silent) > 0
    assert s3.ATTEMPTS * (s3.CONNECT_SECONDS + 10) < 30


def _taken(listening: socket.socket) -> int:
    """Connections that were made to it since the last time."""
    count = 0
    while True:
        try:
            listening.accept()[0].close()
        except TimeoutError:
            return count
        count += 1


@pytest.mark.django_db
def test_a_file_that_is_missing_in_the_bucket_waits(bucket, telkomsel, now) -> None:
    complaint(now, evidence=[files.upload(files.jpeg())])
    row = Evidence.objects.get()
    bucket.client.delete_object(Bucket=BUCKET, Key=row.original)
    with pytest.raises(FileNotFoundError):
        storage.fetch(row.original)
    assert process_evidence(row.pk, at=now) == "quarantined"


@pytest.mark.django_db
def test_another_bucket_is_not_taken_for_ours(bucket, telkomsel, now) -> None:
    storage.keep(storage.MARKER, b"0" * 64)
    assert store_trouble() == "foreign"


@pytest.mark.django_db
def test_a_bucket_that_refuses_us_is_away(bucket, settings) -> None:
    mount(settings, bucket.options | {"bucket_name": "of-another-account"})
    assert store_trouble() == "unreachable"


@pytest.mark.django_db
def test_the_sweep_lists_a_few_folders_a_run_and_all_of_them_in_a_day(bucket, telkomsel, now) -> None:
    require_store()
    uid = uuid.uuid4()
    orphan = storage.keep(storage.name_for(uid, "original"), b"x")
    unsent = storage.keep(storage.name_for(uuid.uuid4(), "staged"), b"x")
    began = dt.datetime.now(dt.UTC)
    assert purge_orphaned_files(at=began + HOUR, folders=folders_due(at=began + HOUR)) == []
    three = began + 3 * HOUR
    assert purge_orphaned_files(at=three, folders=folders_due(at=three)) == [unsent]
    seen: set[str] = set()
    swept: list[str] = []
    for turn in range(64):
        at = began + dt.timedelta(hours=25, minutes=20 * turn)
        folders = folders_due(at=at)
        assert len(folders) == 5
        seen.update(folders)
        swept += purge_orphaned_files(at=at, folders=folders)
    assert swept == [orphan]
    assert seen == set(storage.FOLDERS)


@pytest.mark.django_db
def test_a_thousand_files_of_one_folder_are_listed_page_by_page(bucket) -> None:
    for number in range(1001):
        bucket.client.put_object(Bucket=BUCKET, Key=f"ab/{number:04}", Body=b"")
    assert len(list(storage.listed("ab"))) == 1001
    assert list(storage.listed("cd")) == []


def test_the_space_of_a_bucket_is_not_this_machine_s(bucket) -> None:
    assert free_bytes() == 1 << 62


ONE = """
import re, sys, django; django.setup()
from django.test import Client
from tests.portal.public.forms import screenshot
client = Client(HTTP_HOST="localhost")
page = client.post("/lapor/", {"action": "check", "channel": "sms", "key": "k", "evidence": [screenshot()]})
print(re.search(r'name="staged" value="([^"]+)"', page.content.decode())[1])
"""
OTHER = """
import sys, django; django.setup()
from django.test import Client
from aduan.complaints.models import Evidence
from tests.portal.public.forms import send
answer = send(Client(HTTP_HOST="localhost"), staged=[sys.argv[1]])
assert answer.status_code == 302, answer.content.decode()[:3000]
print(Evidence.objects.get().pk)
"""
THIRD = """
import sys, django; django.setup()
from aduan.complaints.services import process_evidence
from aduan.core import jobs
print(process_evidence(int(sys.argv[1]), at=jobs.now()))
"""


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_web_processes_that_share_nothing_but_the_bucket_carry_one_complaint(
    server, telkomsel, tmp_path
) -> None:
    """A file is chosen at one machine, its form is sent to another, and a third examines it."""
    database = database_url()

    def machine(name: str, program: str, *words: str) -> str:
        environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.settings",
            "DATABASE_URL": database,
            "ADUAN_HOME": str(tmp_path / name),
            "ADUAN_MEDIA_ROOT": str(tmp_path / name / "media"),
            "ADUAN_EVIDENCE_STORAGE": BACKEND,
            "ADUAN_EVIDENCE_STORAGE_OPTIONS": json.dumps(server.options),
        }
        done = subprocess.run(
            [sys.executable, "-c", program, *words], cwd=PROJECT, env=environment,
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr[-3000:]
        return done.stdout.strip().splitlines()[-1]

    token = machine("one", ONE)
    evidence = machine("other", OTHER, token)
    assert machine("third", THIRD, evidence) == "clean"
    assert Evidence.objects.get().derivative in server.names()
