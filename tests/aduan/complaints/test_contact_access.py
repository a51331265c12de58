"""An access at a contact: for a reason that stays readable, counted, noticed when there are many."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import Error, transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases.models import Alarm, PaceLimits
from aduan.complaints import queries, services
from aduan.complaints.models import Complaint, ContactAccess
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid, WrongState
from aduan.core.models import AuditLogEntry
from tests.database import as_administrator
from tests.factories import complaints as factory
from tests.factories.accounts import past_triggers, person

WHY = "Menelepon balik Ibu Sari tentang bukti"


@pytest.fixture
def reported(telkomsel, now) -> Complaint:
    return factory.complaint(now, contact_email="sari@warga.example")


def access(reported: Complaint, by: User, at: dt.datetime, reason: str = WHY) -> services.Contact:
    return services.reveal_contact(reported, by=by, reason=reason, at=at)


def test_the_reason_can_be_read_later_and_lies_sealed(reported, budi, now):
    assert access(reported, budi, now).email == "sari@warga.example"
    [found] = queries.contact_accesses()
    assert (found.by, found.reason, found.case_id) == (budi.name, WHY, reported.case_id)
    assert b"Sari" not in bytes(ContactAccess.objects.get().reason_encrypted)
    entry = AuditLogEntry.objects.get(action=AuditAction.COMPLAINT_REVEAL)
    assert "Sari" not in str(entry.detail)
    assert entry.detail["access"] == found.id


def test_the_reason_goes_with_the_contact_and_the_access_stays(reported, budi, now):
    access(reported, budi, now)
    services.erase(reported, by=None, at=now)
    [found] = queries.contact_accesses()
    assert (found.by, found.reason) == (budi.name, "")
    reported.refresh_from_db()
    with pytest.raises(WrongState):
        access(reported, budi, now)


@pytest.mark.parametrize("reason", ["", "  a  ", "penting   "])
def test_a_reason_must_say_something(reported, budi, now, reason):
    with pytest.raises(Invalid):
        access(reported, budi, now, reason)
    assert not ContactAccess.objects.exists()


def test_only_those_who_may_read_them_do(reported, now):
    with pytest.raises(Forbidden):
        access(reported, person("lia@aduan.example", "Lia", Role.LEAD), now)


def test_many_accesses_are_noticed_and_then_refused(reported, budi, citra, now):
    for turn in range(PaceLimits().contacts_per_day):
        access(reported, budi, now + dt.timedelta(minutes=turn))
    assert list(Alarm.objects.order_by("pk").values_list("kind", "person", "detail__revealed")) == [
        (Alarm.Kind.CONTACTS_REVEALED, budi.pk, PaceLimits().contacts_alarm),
        (Alarm.Kind.CONTACTS_REVEALED, budi.pk, PaceLimits().contacts_per_day),
    ]
    with pytest.raises(Forbidden) as refusal:
        access(reported, budi, now + dt.timedelta(hours=1))
    assert refusal.value.code == "too_many_accesses"
    access(reported, citra, now + dt.timedelta(hours=1))
    access(reported, budi, now + dt.timedelta(days=1, hours=1))


def test_the_count_is_that_of_a_human_and_not_of_a_log_in(reported, budi, citra, now):
    """Budi's second log-in has his staff number, written in another way; counts went by log-in."""
    second = person("santoso@aduan.example", "B. Santoso", Role.REVIEWER)
    with past_triggers():
        User.objects.filter(pk=second.pk).update(staff_number=f" {budi.staff_number.lower()}-")
    second.refresh_from_db()
    for turn in range(PaceLimits().contacts_per_day):
        access(reported, (budi, second)[turn % 2], now + dt.timedelta(minutes=turn))
    for log_in in (budi, second):
        with pytest.raises(Forbidden) as refusal:
            access(reported, log_in, now + dt.timedelta(hours=1))
        assert refusal.value.code == "too_many_accesses"
    access(reported, citra, now + dt.timedelta(hours=1))


@pytest.mark.parametrize("act", ["update", "delete"])
def test_the_database_keeps_accesses_as_they_are(reported, budi, now, act):
    access(reported, budi, now)
    rows = ContactAccess.objects.all()
    with pytest.raises(Error, match="Cannot update or delete"), transaction.atomic(), as_administrator():
        rows.update(at=now) if act == "update" else rows._raw_delete(rows.db)
