"""Filed in one statement or step by step: the same rows, and nothing half done between the two."""

from __future__ import annotations

import datetime as dt
import os
import uuid
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from aduan.cases.models import Case, CaseEvent
from aduan.complaints import tickets
from aduan.complaints.models import Complaint, SourceFingerprint
from aduan.complaints.services import at_once, submit
from aduan.complaints.types import ClientIdentity
from aduan.core.prepared import Prepared
from aduan.notifications.models import OutboxMessage
from aduan.numbers.models import PhoneNumber
from tests.factories.cases import asked, dismissed, reasons
from tests.factories.complaints import a_client, filed, report

pytestmark = pytest.mark.django_db

NEW, ALSO_NEW = "0812-3456-7890", "0812-3456-7891"
# Of each its own: keys, what is drawn by lot, and what is sealed under it.
OWN = {
    "id", "ticket", "secret_digest", "idempotency_key", "body_digest", "subject_key", "email_encrypted",
    "email_index", "number_id", "number_raw", "case_id", "complaint_id", "canonical", "digits", "number_text",
    "contents_digest", "key", "topic", "payload_encrypted",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _home(telkomsel):
    """The numbers here belong to operator A."""


@pytest.fixture
def roads(monkeypatch):
    """Which way each complaint went: "at once", "in the way" or nothing when it was not tried."""
    went: list[str] = []
    whole = at_once.file_at_once

    def noted(*given: Any, **more: Any) -> Complaint:
        try:
            complaint = whole(*given, **more)
        except at_once.NotAtOnce:
            went.append("in the way")
            raise
        went.append("at once")
        return complaint

    monkeypatch.setattr(submit, "file_at_once", noted)
    return went


def _never(*_given: Any, **_more: Any) -> Complaint:
    raise at_once.NotAtOnce


def _rows_of(number: str) -> dict[str, Any]:
    """All that is on disk about a number, but for what each complaint has of its own."""
    known = PhoneNumber.objects.get(canonical="+62" + number.replace("-", "")[1:])
    complaints = Complaint.objects.filter(number=known)
    keys = [f"received:{pk}" for pk in complaints.values_list("pk", flat=True)]
    rows = {
        "number": PhoneNumber.objects.filter(pk=known.pk),
        "case": Case.objects.filter(number=known),
        "event": CaseEvent.objects.filter(case__number=known),
        "complaint": complaints,
        "source": SourceFingerprint.objects.filter(number=known).order_by("complaint_id", "kind", "value"),
        "letter": OutboxMessage.objects.filter(key__in=keys),
    }
    return {
        name: [
            {column: _plain(value) for column, value in row.items() if column not in OWN | _of_mailbox(row)}
            for row in (found if name == "source" else found.order_by("pk")).values()
        ]
        for name, found in rows.items()
    }


def _of_mailbox(row: dict[str, Any]) -> set[str]:
    """Each complaint names a mailbox of its own, so that each gets its letter."""
    return {"value"} if row.get("kind") == SourceFingerprint.Kind.CONTACT else set()


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _file_two(now: dt.datetime, number: str) -> None:
    words: dict[str, Any] = {
        "loss": 1_500_000,
        "link": "http://contoh.example/a",
        "bank_account": "BCA 123",
        "loss_text": "",
    }
    for turn in range(2):
        later = now + dt.timedelta(minutes=turn)
        story = f"Cerita ke-{turn}, kurir palsu meminta kode rahasia lalu saldo saya habis " + "xyz"[turn] * 9
        filed(
            later,
            number,
            sender=a_client(7000 + turn),
            narrative=story,
            contact_email=f"{number[-1]}{turn}@contoh.example",
            contact_phone="",
            occurred_at=later - dt.timedelta(days=2),
            **words,
        )


def test_both_ways_write_the_same(now, roads, monkeypatch):
    _file_two(now, NEW)
    assert roads == ["at once", "at once"]
    monkeypatch.setattr(submit, "file_at_once", _never)
    _file_two(now, ALSO_NEW)
    by_one, by_steps = _rows_of(NEW), _rows_of(ALSO_NEW)
    assert by_one == by_steps
    assert {name: len(rows) for name, rows in by_one.items()} == {
        "number": 1,
        "case": 1,
        "event": 1,
        "complaint": 2,
        "source": 8,
        "letter": 2,
    }


def test_the_digest_of_a_case_goes_on_with_the_key_of_the_complaint(now, roads):
    filed(now, NEW)
    first = Case.objects.get().contents_digest
    filed(now, NEW)
    assert roads == ["at once", "at once"]
    assert first.startswith("1.0.0:")
    assert Case.objects.get().contents_digest.startswith("2.0.0:")


def test_a_source_that_reported_before_goes_step_by_step_and_counts_once(now, roads):
    sender = a_client()
    filed(now, NEW, sender=sender)
    filed(now, NEW, sender=sender)
    assert roads == ["at once", "in the way"]
    first, second = Complaint.objects.order_by("pk")
    assert second.duplicate_of_id == first.pk
    case = Case.objects.get()
    assert (case.complaint_count, case.independent_count) == (2, 1)
    owners = set(SourceFingerprint.objects.values_list("complaint_id", flat=True))
    assert owners <= {first.pk, second.pk}  # what was begun at once left nothing behind


def test_a_form_that_was_filed_gets_its_receipt_again(now, roads):
    key, words, sender = uuid.uuid4(), report(NEW), a_client()
    given = {"sender": sender, "idempotency_key": key, "at": now}
    first = submit.file_complaint(words, **given)
    again = submit.file_complaint(words, **given)
    assert roads == ["at once", "in the way"]
    assert (again.ticket, again.secret, again.repeated) == (first.ticket, first.secret, True)
    assert Complaint.objects.count() == Case.objects.get().complaint_count == 1


def test_a_ticket_that_is_taken_is_drawn_again(now, roads, monkeypatch):
    filed(now, NEW)
    taken = Complaint.objects.get().ticket
    drawn = iter([taken, taken, "23467ACDEF"])
    monkeypatch.setattr(tickets, "new_ticket", lambda: next(drawn))
    filed(now, NEW)
    assert roads == ["at once", "in the way"]
    assert Complaint.objects.latest("pk").ticket == "23467ACDEF"
    assert Case.objects.get().complaint_count == 2


@pytest.mark.parametrize("ended", [dismissed, asked])
def test_a_case_that_does_not_simply_count_on_goes_step_by_step(ended, now, roads, budi):
    filed(now, NEW)
    reasons()
    ended(Case.objects.get(), by=budi, at=now)
    filed(now, NEW)
    assert roads == ["at once", "in the way"]
    case = Case.objects.get()
    assert (case.status, case.complaint_count) == ("open", 2)


def test_a_number_of_no_operator_is_put_to_staff(now, roads):
    filed(now, "0899-9999-9999")
    assert roads == ["in the way"]
    assert PhoneNumber.objects.get().routing_tasks.count() == 1


def test_a_complaint_without_any_source_opens_one_case(now, roads):
    unknown = ClientIdentity(device="", address="")
    for _turn in range(2):
        filed(now, NEW, sender=unknown, narrative="halo")
    assert roads == ["at once", "at once"]
    assert Case.objects.get().complaint_count == 2


@pytest.mark.django_db(transaction=True)
def test_a_crash_between_the_statement_and_the_commit_leaves_nothing(now, monkeypatch):
    whole = at_once.file_at_once

    def dies(*given: Any, **more: Any) -> Complaint:
        whole(*given, **more)
        raise ZeroDivisionError

    monkeypatch.setattr(submit, "file_at_once", dies)
    with pytest.raises(ZeroDivisionError):
        filed(now, NEW, contact_email="sari@example.id")
    kinds = (PhoneNumber, Case, CaseEvent, Complaint, SourceFingerprint, OutboxMessage)
    assert [kind.objects.count() for kind in kinds] == [0] * len(kinds)


def test_a_second_complaint_is_planned_no_more_and_takes_five_statements(now, roads):
    filed(now, NEW)
    filed(now, NEW)
    with CaptureQueriesContext(connection) as asked:
        filed(now, NEW, contact_email="sari@example.id")
    said = [query["sql"] for query in asked.captured_queries]
    assert [sql for sql in said if sql.startswith("PREPARE")] == []
    assert len([sql for sql in said if sql.startswith("EXECUTE")]) == 3
    assert len(said) <= 5  # the savepoint of the test's transaction


def test_a_number_that_no_one_has_reported_is_asked_about_once_and_written_once(now, roads):
    filed(now, NEW)
    with CaptureQueriesContext(connection) as asked:
        filed(now, "0812 7654 3211", contact_email="sari@example.id")
    said = [query["sql"] for query in asked.captured_queries]
    assert roads == ["at once", "at once"]
    assert len([sql for sql in said if sql.startswith("EXECUTE")]) == 2
    assert len(said) <= 4 + len([sql for sql in said if sql.startswith("PREPARE")])


def test_what_was_prepared_in_a_transaction_rolled_back_stays(now):
    word = uuid.uuid4().hex
    one = Prepared(f"SELECT %(given)s, '{word} 100%%'", {"given": "int"})
    with transaction.atomic():
        assert one.first({"given": 1}) == (1, f"{word} 100%")
        transaction.set_rollback(True)
    with CaptureQueriesContext(connection) as asked:
        assert one.first({"given": 2}) == (2, f"{word} 100%")
    assert len(asked.captured_queries) == 1


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_prepares_anew():
    one = Prepared(f"SELECT %(given)s, {os.getpid()}", {"given": "int"})
    assert one.first({"given": 1}) == (1, os.getpid())
    connection.close()
    assert one.first({"given": 2}) == (2, os.getpid())
