"""A complaint under the wrong number: two people put it right, counts follow, the complainant hears of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from aduan.accounts.models import User
from aduan.cases.models import Case, ChangeRequest
from aduan.cases.workflow import Status
from aduan.complaints import queries, services
from aduan.complaints.evidence import storage
from aduan.complaints.models import Complaint, Evidence
from aduan.complaints.services.evidence_processing import process_evidence
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.notifications.models import OutboxMessage
from aduan.numbers.parsing import parse
from tests.factories import cases as make
from tests.factories import files
from tests.factories.accounts import step_up
from tests.factories.complaints import complaint, filed

pytestmark = pytest.mark.django_db
WRONG, RIGHT = "0812-3456-7890", "0812-3456-7809"
HOUR = dt.timedelta(hours=1)


def asked(case: Case, *, by: User, at: dt.datetime, **given: Any) -> ChangeRequest:
    case.refresh_from_db()
    wanted = {"kind": "move", "complaint": None, "number": parse(RIGHT), "reason": "Salah ketik", **given}
    return services.request_number_change(
        case, by=by, step_up=step_up(by, at), at=at, seen_digest=case.contents_digest, **wanted
    )


def confirm(request: ChangeRequest, *, by: User, at: dt.datetime) -> Case:
    return make.confirmed_by(by, services.confirm_number_change, request, at=at)


def test_a_mistyped_number_is_put_right_by_two(now: dt.datetime, budi: User, citra: User) -> None:
    other = complaint(now, WRONG, loss=1_000_000)
    mine = complaint(
        now, WRONG, loss=250_000, contact_email="sari@contoh.id", evidence=[files.upload(files.jpeg())]
    )
    request = asked(mine.case, complaint=mine, by=budi, at=now + HOUR)
    mine.refresh_from_db()
    assert mine.case_id == other.case_id  # nothing moves on one person's word
    target = confirm(request, by=citra, at=now + 2 * HOUR)
    mine.refresh_from_db()
    source = Case.objects.get(pk=other.case_id)
    assert (mine.case_id, mine.number.canonical) == (target.pk, parse(RIGHT).canonical)
    assert (source.complaint_count, source.independent_count) == (1, 1)
    assert source.reported_loss == 1_000_000
    assert (target.complaint_count, target.independent_count) == (1, 1)
    assert target.reported_loss == 250_000
    assert (source.evidence_count, target.evidence_count) == (0, 1)
    assert Evidence.objects.get().case_id == target.pk
    assert [event.action for event in source.events.all()][-1] == "move"


def test_the_complainant_reads_it_by_letter_and_on_the_page(
    now: dt.datetime, budi: User, citra: User
) -> None:
    mine = complaint(now, WRONG, contact_email="sari@contoh.id")
    confirm(asked(mine.case, complaint=mine, by=budi, at=now), by=citra, at=now + HOUR)
    assert OutboxMessage.objects.filter(kind="complaint_moved").count() == 1
    mine = Complaint.objects.select_related("case", "number").get(pk=mine.pk)
    with translation.override("en"):
        shown = queries.progress(mine, at=now + 2 * HOUR)
        assert "Under the right number" in [str(step.title) for step in shown.steps]
    assert shown.number == parse(RIGHT).canonical


def test_one_person_is_not_two(now: dt.datetime, budi: User) -> None:
    mine = complaint(now, WRONG)
    request = asked(mine.case, complaint=mine, by=budi, at=now)
    with pytest.raises(Forbidden):
        confirm(request, by=budi, at=now + HOUR)


def test_the_database_moves_no_complaint_on_its_own(now: dt.datetime, budi: User) -> None:
    mine, other = complaint(now, WRONG), complaint(now, RIGHT)
    asked(mine.case, complaint=mine, by=budi, at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Complaint.objects.filter(pk=mine.pk).update(number=other.number, case=other.case, moved_at=now)


def test_two_spellings_become_one_case(now: dt.datetime, budi: User, citra: User) -> None:
    """All complaints go; who complained under both spellings counts once; the empty case is closed."""
    filed(now, WRONG, contact_email="sari@contoh.id")
    first = complaint(now, WRONG)
    there = complaint(now, RIGHT, contact_email="sari@contoh.id")
    request = asked(first.case, kind="merge", by=budi, at=now)
    target = confirm(request, by=citra, at=now + HOUR)
    assert target.pk == there.case_id
    source = Case.objects.get(pk=first.case_id)
    assert (source.complaint_count, source.status) == (0, Status.DISMISSED)
    assert (target.complaint_count, target.independent_count) == (3, 2)


def test_a_second_number_of_one_story_has_a_case_of_its_own(
    now: dt.datetime, budi: User, citra: User
) -> None:
    mine = complaint(now, WRONG, contact_email="sari@contoh.id", loss=500_000)
    request = asked(mine.case, kind="split", complaint=mine, by=budi, at=now)
    target = confirm(request, by=citra, at=now + HOUR)
    mine.refresh_from_db()
    copy = Complaint.objects.get(case=target)
    assert mine.case_id != target.pk
    assert copy.ticket != mine.ticket
    assert (copy.narrative, copy.loss) == (mine.narrative, None)
    assert [one.pk for one in queries.filed_together(mine)] == [copy.pk]
    assert OutboxMessage.objects.filter(kind="complaint_moved").count() == 1


def test_what_was_announced_there_before_is_not_its_own(now: dt.datetime, budi: User, citra: User) -> None:
    make.reasons()
    there, mine = complaint(now, RIGHT), complaint(now, WRONG, contact_email="sari@contoh.id")
    make.dismissed(there.case, by=budi, at=now)
    confirm(asked(mine.case, complaint=mine, by=budi, at=now + HOUR), by=citra, at=now + 2 * HOUR)
    mine = Complaint.objects.select_related("case", "number").get(pk=mine.pk)
    codes = [step.code for step in queries.progress(mine, at=now + 3 * HOUR).steps]
    assert codes[:3] == ["received", "moved", "review"]
    services.send_progress(at=now + 3 * HOUR)
    assert not OutboxMessage.objects.filter(kind="case_dismiss").exists()


def test_what_cannot_be_asked(now: dt.datetime, budi: User, citra: User, telkomsel: Any) -> None:
    mine = complaint(now, WRONG)
    with pytest.raises(Invalid):
        asked(mine.case, complaint=mine, number=parse(WRONG), by=budi, at=now)
    with pytest.raises(Invalid):
        asked(mine.case, complaint=complaint(now, RIGHT), by=budi, at=now)
    decided = make.confirmed(telkomsel, first=budi, second=citra, at=now)
    with pytest.raises(WrongState, match="sebelum"):
        asked(decided, kind="merge", by=budi, at=now)


def test_a_second_number_of_one_story_has_the_files_too(now: dt.datetime, budi: User, citra: User) -> None:
    """Copies under keys of their own: to erase one complaint leaves the other's evidence."""
    mine = complaint(now, WRONG, evidence=[files.upload(files.jpeg())])
    first = Evidence.objects.get()
    process_evidence(first.pk, at=now)
    target = confirm(asked(mine.case, kind="split", complaint=mine, by=budi, at=now), by=citra, at=now + HOUR)
    copy = Evidence.objects.get(case=target)
    assert copy.complaint_id != mine.pk
    assert target.evidence_count == 1
    assert process_evidence(copy.pk, at=now + HOUR) == Evidence.State.CLEAN
    services.erase(mine, by=None, at=now + 2 * HOUR)
    copy.refresh_from_db()
    assert storage.fetch(copy.derivative)
    assert bytes(copy.subject_key or b"") != bytes(first.subject_key or b"")


def test_no_file_is_left_behind_while_the_store_is_away(
    now: dt.datetime, budi: User, citra: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = complaint(now, WRONG, evidence=[files.upload(files.jpeg())])
    request = asked(mine.case, kind="split", complaint=mine, by=budi, at=now)
    monkeypatch.setattr(storage, "read_marker", lambda: "another installation")
    with pytest.raises(WrongState, match="evidence_away"):
        confirm(request, by=citra, at=now + HOUR)
    assert Complaint.objects.count() == 1
