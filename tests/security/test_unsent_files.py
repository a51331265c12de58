"""Files of forms that are never sent cannot fill the disk, and no one is locked out by strangers.

Seen to fail on 0.1.0: `POST /lapor/` with an empty form and three recordings of 10 MB was taken as often as
it was sent (240 MB in 13 s, kept for 24 hours), and the 151st upload from one address was answered with a
page that made the browser send the file again for ever.
"""

from __future__ import annotations

import datetime as dt
import uuid
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.core import signing
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from aduan.complaints.evidence import storage
from aduan.complaints.models import Complaint
from aduan.complaints.services import purge_orphaned_files
from portal.public import rate_limits, staging_limits
from tests.factories.files import jpeg
from tests.portal.public.forms import STORY, receipt_of, send
from tests.portal.public.test_rate_limits import solved

pytestmark = pytest.mark.django_db
SIZE = len(jpeg())


@pytest.fixture(autouse=True)
def nothing_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that nothing was counted for yet."""
    monkeypatch.setattr(staging_limits, "_ALL", uuid.uuid4().hex)


def empty_form(client: Client, **more: Any) -> Any:
    file = SimpleUploadedFile("chat.jpg", jpeg(), content_type="image/jpeg")
    return client.post("/lapor/", {"evidence": file, **more})


def kept_bytes() -> int:
    """What lies in the evidence store and waits for a form, sealed (28 bytes more a file)."""
    store = storage.evidence_storage()
    Path(store.location).mkdir(parents=True, exist_ok=True)  # type: ignore[attr-defined]
    names = [f"{folder}/{name}" for folder in store.listdir("")[0] for name in store.listdir(folder)[1]]
    return sum(store.size(name) for name in names if name.endswith(".staged"))


def limited(name: str, files: int) -> Any:
    limit = rate_limits.Limit(uuid.uuid4().hex, files * SIZE, staging_limits.LIFETIME)
    return patch.object(staging_limits, name, limit)


def upload(client: Client, **more: str) -> Any:
    file = SimpleUploadedFile("chat.jpg", jpeg(), content_type="image/jpeg")
    return client.post("/lapor/berkas/", {"file": file, **more})


def test_one_device_keeps_at_most_its_share(client: Client) -> None:
    client.get("/lapor/")  # gives the device its mark
    before = kept_bytes()
    with limited("PER_DEVICE", 3):
        for _turn in range(10):
            empty_form(client)
    assert kept_bytes() - before <= 3 * (SIZE + 100)


def test_devices_that_are_thrown_away_meet_the_limit_of_their_network() -> None:
    before = kept_bytes()
    with limited("PER_NETWORK", 3):
        for _turn in range(10):
            empty_form(Client(REMOTE_ADDR="198.51.100.7"))
    assert kept_bytes() - before <= 3 * (SIZE + 100)


def test_a_network_is_the_64_of_an_ipv6_address() -> None:
    before = kept_bytes()
    with limited("PER_NETWORK", 3):
        for turn in range(10):
            empty_form(Client(REMOTE_ADDR=f"2001:db8:0:1::{turn:x}"))
    assert kept_bytes() - before <= 3 * (SIZE + 100)


def test_a_browser_that_did_the_work_is_not_locked_out_by_its_neighbours() -> None:
    with limited("PER_NETWORK", 2):
        codes = [upload(Client(REMOTE_ADDR="198.51.100.7")).status_code for _turn in range(4)]
        neighbour = Client(REMOTE_ADDR="198.51.100.7")
        assert upload(neighbour, altcha=solved(neighbour)).status_code == 201
    assert codes == [201, 201, 429, 429]


def test_one_piece_of_work_keeps_one_form_of_files() -> None:
    client = Client(REMOTE_ADDR="198.51.100.7")
    work = solved(client)
    with limited("PER_PROOF", 2):
        assert [upload(client, altcha=work).status_code for _turn in range(4)] == [201, 201, 429, 429]


def test_strangers_cannot_use_up_the_space_of_those_who_did_the_work(settings) -> None:
    settings.STAGING_MAX_BYTES = 4 * SIZE
    codes = [upload(Client(REMOTE_ADDR=f"203.0.113.{turn}")).status_code for turn in range(4)]
    worker = Client(REMOTE_ADDR="198.51.100.7")
    assert codes == [201, 201, 429, 429]
    assert upload(worker, altcha=solved(worker)).status_code == 201


def test_a_full_disk_is_not_filled_further_and_the_complaint_itself_gets_through(settings, client) -> None:
    settings.STAGING_DISK_FLOOR = staging_limits.free_bytes() + (1 << 40)
    answer = send(client, evidence=SimpleUploadedFile("chat.jpg", jpeg(), content_type="image/jpeg"))
    assert answer.status_code == 400
    assert STORY in answer.content.decode()
    receipt_of(send(client))
    assert Complaint.objects.count() == 1


def test_a_browser_learns_why_in_a_form_that_it_can_read(client: Client) -> None:
    with limited("PER_NETWORK", 0):
        answer = upload(client)
    assert answer.status_code == 429
    assert answer.json()["error"]


def test_what_waits_for_a_form_is_deleted_after_two_hours(client: Client) -> None:
    purge_orphaned_files(at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=3))  # what earlier tests left
    empty_form(client)
    now = dt.datetime.now(dt.UTC)
    assert not [name for name in purge_orphaned_files(at=now + dt.timedelta(minutes=119)) if "staged" in name]
    assert [name for name in purge_orphaned_files(at=now + dt.timedelta(minutes=121)) if "staged" in name]
    assert kept_bytes() == 0


def test_a_file_that_waited_too_long_is_missed_aloud(client: Client) -> None:
    token = upload(client).json()["token"]
    purge_orphaned_files(at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=3))
    answer = send(client, staged=token)
    assert answer.status_code == 400
    assert "chat.jpg" in answer.content.decode()
    assert signing.loads(token, salt="portal.public.staging")[1] == "chat.jpg"
    receipt_of(send(client, staged=token, drop=token))
