"""FT4, FT6, CC1, CC2: kills, crowds and a dead cache neither lose a complaint nor file one twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import signal
import uuid
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection

from aduan.cases.models import Case, CaseEvent
from aduan.complaints.evidence import storage
from aduan.complaints.models import Complaint, Evidence
from aduan.complaints.services import file_complaint, purge_orphaned_files
from aduan.complaints.types import ClientIdentity
from aduan.core import vault
from aduan.core.errors import WrongState
from aduan.numbers.models import PhoneNumber
from tests.factories import files
from tests.factories.complaints import a_client, filed, report
from tests.races import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


@pytest.fixture(autouse=True)
def _home(telkomsel, tmp_path, settings):
    options = {**settings.STORAGES["evidence"], "OPTIONS": {"location": str(tmp_path / "evidence")}}
    settings.STORAGES = {**settings.STORAGES, "evidence": options}


@pytest.mark.concurrency
def test_a_thousand_complaints_about_one_new_number_are_all_there(now):
    def one(turn: int) -> str:
        return filed(now, sender=a_client(turn), narrative=f"Cerita {turn}").ticket

    tickets = at_once(one, 1000, 12)
    assert len(set(tickets)) == 1000
    assert Complaint.objects.count() == 1000
    assert PhoneNumber.objects.count() == 1
    case = Case.objects.get()
    assert (case.complaint_count, case.independent_count) == (1000, 1000)
    assert CaseEvent.objects.filter(case=case, action="file").count() == 1


@pytest.mark.concurrency
def test_fifty_connections_with_one_form_file_one_complaint(now):
    for _round in range(4):
        key, words, sender = uuid.uuid4(), report(contact_email="sari@example.id"), a_client()
        data = files.png(files.chat(3, width=300, height=600))

        def one(
            turn: int,
            key: uuid.UUID = key,
            words: Any = words,
            sender: ClientIdentity = sender,
            data: bytes = data,
        ) -> Any:
            upload = [files.upload(data)]
            return file_complaint(words, evidence=upload, sender=sender, idempotency_key=key, at=now)

        receipts = at_once(one, 50, 10)
        assert len({(receipt.ticket, receipt.secret) for receipt in receipts}) == 1
        assert [receipt.repeated for receipt in receipts].count(False) == 1
        stored = Complaint.objects.get(idempotency_key=key)
        assert Evidence.objects.filter(complaint=stored).count() == 1
    assert Case.objects.get().complaint_count == 4
    assert len(_stored()) == 4


@pytest.mark.concurrency
def test_copies_that_arrive_together_count_once(now):
    sender = ClientIdentity(device="one-device")
    at_once(lambda turn: filed(now, sender=sender, narrative=f"Cerita {turn}"), 40, 10)
    case = Case.objects.get()
    assert (case.complaint_count, case.independent_count) == (40, 1)
    roots = {copy.duplicate_of_id for copy in Complaint.objects.filter(duplicate_of__isnull=False)}
    assert len(roots) == 1
    assert Complaint.objects.filter(duplicate_of__isnull=True).count() == 1


def killed_at(point: str, now: dt.datetime, key: uuid.UUID, data: bytes) -> None:
    """Files a complaint in a process of its own that is killed with -9 when it reaches `point`."""
    pid = os.fork()
    if pid:
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -signal.SIGKILL
        return
    # The parent's session must not be closed from here: it is left alone until the kill.
    inherited = connection.connection
    connection.connection = None
    try:
        _kill_at(point)
        file_complaint(
            report(narrative="Cerita yang sama"),
            evidence=[files.upload(data)],
            sender=ClientIdentity(device="x"),
            idempotency_key=key,
            at=now,
        )
        if point == "after commit":
            os.kill(os.getpid(), signal.SIGKILL)
    finally:
        os._exit(0 if inherited else 1)


DEADLY = {
    "file half written": (Path, "rename"),
    "file written": ("aduan.numbers.services", "register"),
    "complaint written": ("aduan.complaints.services.quarantine", "attach"),
    "all written": ("aduan.complaints.services.complainant_messages", "send_receipt"),
}


def _kill_at(point: str) -> None:
    def die(*args: Any, **more: Any) -> Any:
        os.kill(os.getpid(), signal.SIGKILL)

    if point in DEADLY:
        where, name = DEADLY[point]
        setattr(import_module(where) if isinstance(where, str) else where, name, die)


@pytest.mark.parametrize("point", ["file half written", "file written", "complaint written", "all written"])
def test_killed_before_the_commit_nothing_is_visible_and_the_next_try_works(point, now):
    key, data = uuid.uuid4(), files.jpeg()
    storage.write_marker()  # the store of a running portal is marked; its file is renamed too
    killed_at(point, now, key, data)
    assert not Complaint.objects.exists()
    assert not Case.objects.exists()
    leftover = _stored()
    assert leftover
    words = report(narrative="Cerita yang sama")
    file_complaint(
        words, evidence=[files.upload(data)], sender=ClientIdentity(device="x"), idempotency_key=key, at=now
    )
    swept = purge_orphaned_files(at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=25))
    assert sorted(swept) == sorted(leftover)
    _is_whole(data)


def test_killed_after_the_commit_the_next_try_gets_the_first_receipt(now):
    key, data = uuid.uuid4(), files.jpeg()
    killed_at("after commit", now, key, data)
    _is_whole(data)
    words = report(narrative="Cerita yang sama")
    receipt = file_complaint(
        words, evidence=[files.upload(data)], sender=ClientIdentity(device="x"), idempotency_key=key, at=now
    )
    assert receipt.repeated
    assert Complaint.objects.count() == 1
    assert Case.objects.get().complaint_count == 1
    assert purge_orphaned_files(at=dt.datetime.now(dt.UTC) + dt.timedelta(hours=25)) == []


def test_without_the_cache_complaints_are_still_taken(now, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:9/0",
        }
    }
    with pytest.raises(Exception, match="refused"):
        cache.get("x")
    assert filed(now, contact_email="sari@example.id").ticket


def test_the_same_key_with_other_words_is_refused_even_at_the_same_instant(now):
    key = uuid.uuid4()

    def one(turn: int) -> str:
        try:
            return filed(now, key=key, narrative=f"Cerita {turn}", sender=ClientIdentity(device="x")).ticket
        except WrongState as refusal:
            return refusal.code

    answers = at_once(one, 8, 8)
    assert answers.count("form_used") == 7
    assert Complaint.objects.count() == 1


def _is_whole(data: bytes) -> None:
    row = Evidence.objects.get()
    key = vault.unwrap(row.subject_key, aad=row.aad_for("subject_key"))
    kept = key.decrypt_bytes(storage.fetch(row.original), aad=row.aad_for("original"))
    assert hashlib.sha256(kept).hexdigest() == row.sha256 == hashlib.sha256(data).hexdigest()


def _stored() -> list[str]:
    store = storage.evidence_storage()
    try:
        return [f"{folder}/{name}" for folder in store.listdir("")[0] for name in store.listdir(folder)[1]]
    except FileNotFoundError:
        return []
