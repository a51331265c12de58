"""No one works on a case that is their own: as complainant, by e-mail or phone, or as the reported number."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.accounts import services as accounts
from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.cases import services
from aduan.cases.models import Case
from aduan.cases.queries import case_page
from aduan.complaints.services import record_conflicts_of, reindex_cases
from aduan.complaints.services.conflicts import record_conflicts
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden, Invalid
from aduan.core.models import AuditLogEntry
from tests.factories import cases as make
from tests.factories.accounts import person
from tests.factories.complaints import complaint

pytestmark = pytest.mark.django_db
OWN = "+6281299998888"


@pytest.fixture
def rina(db: None, rini: User, now: dt.datetime) -> User:
    """A reviewer with a private kind of address, and her own phone."""
    rina = person("rina.kusuma@gmail.com", "Rina Kusuma", Role.REVIEWER)
    return accounts.set_phone(rina, OWN, by=rini, at=now)


def _closed_to(case: Case, who: User, now: dt.datetime) -> None:
    case.refresh_from_db()
    make.reasons()
    for act in (
        lambda: services.claim(case, by=who, at=now),
        lambda: make.dismissed(case, by=who, at=now, reason_code="test-dismiss"),
        lambda: make.proposed(case, by=who, at=now),
    ):
        with pytest.raises(Forbidden) as refusal:
            act()
        assert refusal.value.code == "conflict_of_interest"
    assert case_page(case.pk, viewer=who, at=now).may == frozenset()
    assert services.next_case(by=who, at=now) is None


@pytest.mark.parametrize(
    "contact",
    [
        {"contact_email": "rina.kusuma@gmail.com"},
        {"contact_email": "RinaKusuma@gmail.com"},
        {"contact_email": "rinakusuma+aduan@googlemail.com"},
        {"contact_phone": "0812 9999 8888"},
        {"contact_phone": "+62 812-9999-8888"},
    ],
)
def test_however_the_own_contact_is_written(rina: User, now: dt.datetime, contact: dict[str, str]) -> None:
    filed = complaint(now, **contact)
    reindex_cases(at=now)
    _closed_to(filed.case, rina, now)


def test_another_persons_contact_closes_nothing(rina: User, now: dt.datetime) -> None:
    filed = complaint(now, contact_email="rina.kusuma@example.id", contact_phone="0812 9999 8887")
    assert record_conflicts([filed.case_id]) == 0
    assert services.claim(filed.case, by=rina, at=now).held_by == rina


def test_the_own_number_reported_closes_the_case_at_once(rina: User, now: dt.datetime) -> None:
    """No job has to run first, and no one who signs can be its owner."""
    filed = complaint(now, "0812-9999-8888")
    _closed_to(filed.case, rina, now)


def test_the_owner_of_the_number_does_not_sign_either(rina: User, budi: User, now: dt.datetime) -> None:
    filed = complaint(now, "0812-9999-8888")
    make.proposed(filed.case, by=budi, at=now)
    with pytest.raises(Forbidden) as refusal:
        make.signed(filed.case, by=rina, at=now, agrees=False)
    assert refusal.value.code == "conflict_of_interest"


def test_a_phone_written_down_later_closes_what_came_before(budi: User, rini: User, now: dt.datetime) -> None:
    filed = complaint(now, contact_phone="0812 9999 8888")
    reindex_cases(at=now)
    budi = accounts.set_phone(budi, OWN, by=rini, at=now)
    assert record_conflicts_of(budi) == 1
    _closed_to(filed.case, budi, now)
    entry = AuditLogEntry.objects.get(action=AuditAction.USER_SET_PHONE)
    assert OWN not in str(entry.detail)


def test_one_phone_belongs_to_one_log_in(rina: User, budi: User, rini: User, now: dt.datetime) -> None:
    with pytest.raises(Invalid) as refusal:
        accounts.set_phone(budi, OWN, by=rini, at=now)
    assert refusal.value.code == "phone_taken"
    with pytest.raises(Forbidden):
        accounts.set_phone(budi, "", by=rina, at=now)
