"""FT9: a volume that is full. Real ones, of a few megabytes, which only root can mount."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aduan.complaints.evidence import storage
from aduan.complaints.models import Complaint, Evidence
from aduan.complaints.services import require_store
from devserver import home, postgres
from tests.factories.files import jpeg
from tests.portal.public.forms import filled

pytestmark = pytest.mark.faults
Mount = Callable[[Path, str], None]


@pytest.fixture
def mount() -> Iterator[Mount]:
    """Mounts a volume of this size; called again for one that is there, changes its size."""
    mounted: list[Path] = []

    def make(place: Path, size: str) -> None:
        again = "remount," if place in mounted else ""
        command = ["mount", "-t", "tmpfs", "-o", f"{again}size={size}", "tmpfs", str(place)]
        if subprocess.run(command, capture_output=True).returncode:
            pytest.skip("no volume can be mounted here (root can): full disks were not tested")
        mounted.append(place)

    yield make
    for place in dict.fromkeys(mounted):
        subprocess.run(["umount", "--lazy", str(place)], check=False)


@pytest.mark.django_db(transaction=True)
def test_a_full_evidence_volume_takes_complaints_without_files_and_leaves_no_half_of_one(
    mount: Mount, settings, tmp_path: Path, telkomsel
) -> None:
    (tmp_path / "evidence").mkdir()
    mount(tmp_path / "evidence", "64k")
    options = {**settings.STORAGES["evidence"], "OPTIONS": {"location": str(tmp_path / "evidence")}}
    settings.STORAGES = {**settings.STORAGES, "evidence": options}
    vars(storages)["_storages"].clear()
    require_store()  # marks it
    visitor, sent = Client(raise_request_exception=False), filled()
    without = visitor.post("/lapor/", filled(number="0812-3456-0001"))
    assert without.status_code == 302, "a complaint without files needs no space there"
    nearly_full = visitor.post("/lapor/", {**sent, "evidence": picture()})
    assert nearly_full.status_code == 400
    assert "Saat ini kami tidak dapat menerima berkas" in nearly_full.content.decode()
    settings.STAGING_DISK_FLOOR = 0  # as when the space goes while the form is being sent
    refused = visitor.post("/lapor/", {**sent, "evidence": picture()})
    assert (refused.status_code, refused["Retry-After"]) == (503, "30")
    assert [path.name for path in (tmp_path / "evidence").rglob("*") if path.is_file()] == [storage.MARKER]
    mount(tmp_path / "evidence", "1m")
    taken = visitor.post("/lapor/", {**sent, "evidence": picture()})
    assert taken.status_code == 302
    assert Complaint.objects.count() == 2
    assert storage.evidence_storage().exists(Evidence.objects.get().original)
    vars(storages)["_storages"].clear()


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("layar.jpg", jpeg(), "image/jpeg")


def test_a_full_wal_volume_stops_postgresql_and_what_it_confirmed_is_there_afterwards(
    mount: Mount, tmp_path: Path
) -> None:
    place = home.prepare(tmp_path / ".aduan")
    server = postgres.server(place)
    server.start()
    server.stop()
    try:
        _wal_on_a_volume_of_its_own(server, tmp_path / "wal", mount)
        server.start()
        confirmed = _insert_until_it_stops(server)
        assert confirmed > 0
        mount(tmp_path / "wal", "400m")
        server.start()
        connection = psycopg2.connect(host=str(server.sockets), user="aduan", dbname="aduan")
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM kept")
            [(found,)] = cursor.fetchall()
        connection.close()
        assert found in (confirmed, confirmed + 1), "the last one was written, its answer was not"
    finally:
        server.destroy()
        home.forget(place)


def _wal_on_a_volume_of_its_own(server: postgres.Server, place: Path, mount: Mount) -> None:
    wal = server.data / "pg_wal"
    place.mkdir()
    for folder in (place, *place.parents):
        if folder == Path("/tmp"):
            break
        folder.chmod(folder.stat().st_mode | 0o011)
    mount(place, "48m")
    owner = wal.stat()
    os.chown(place, owner.st_uid, owner.st_gid)
    place.chmod(0o700)
    shutil.copytree(wal, place, dirs_exist_ok=True)
    for path in place.rglob("*"):
        os.chown(path, owner.st_uid, owner.st_gid)
    shutil.rmtree(wal)
    wal.symlink_to(place)


def _insert_until_it_stops(server: postgres.Server) -> int:
    """How many megabytes were confirmed, each in a transaction of its own."""
    connection = psycopg2.connect(host=str(server.sockets), user="aduan", dbname="aduan")
    connection.autocommit = True
    confirmed = 0
    try:
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept (body bytea)")
            cursor.execute("ALTER TABLE kept ALTER body SET STORAGE EXTERNAL")
            for _megabyte in range(200):
                cursor.execute("INSERT INTO kept VALUES (%s)", [os.urandom(1_000_000)])
                confirmed += 1
    except psycopg2.Error:
        return confirmed
    finally:
        connection.close()
    pytest.fail("200 MB of WAL went onto a volume of 48 MB")
