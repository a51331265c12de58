"""A person who asks for a release or confirms one has waited: in the service and in the database."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.accounts.services.step_up import evidence_of
from aduan.cases import services as cases
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import Forbidden
from aduan.operators.models import Operator
from tests.factories import holds
from tests.factories.accounts import past_triggers, person, step_up
from tests.factories.blocklists import a_block
from tests.factories.cases import confirmed_by, dina, release_asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def rina(db: None) -> User:
    return person("rina@aduan.example", "Rina Lead", Role.LEAD)


def granted(user: User, at: dt.datetime) -> User:
    with past_triggers():
        User.objects.filter(pk=user.pk).update(roles_granted_at=at)
    user.refresh_from_db()
    return user


def test_a_new_grant_asks_for_nothing_and_confirms_nothing(
    telkomsel: Operator, budi: User, citra: User, agus: User, now: dt.datetime
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now)
    new = granted(agus, now - dt.timedelta(hours=23))
    with pytest.raises(Forbidden, match="grant_too_new"):
        release_asked(block.case, by=new, at=now)
    asked = release_asked(block.case, by=granted(agus, now - dt.timedelta(hours=24)), at=now)
    other = granted(dina(), now - dt.timedelta(hours=23))
    with pytest.raises(Forbidden, match="grant_too_new"):
        confirmed_by(other, cases.confirm_release, asked, at=now)


def test_a_new_lead_signs_no_hold_and_ends_one_at_once(
    telkomsel: Operator, budi: User, citra: User, rina: User, now: dt.datetime
) -> None:
    """To take a measure waits for a day, above the quota as below it; to free a number waits for nothing."""
    holds.hold_rules()
    new = granted(rina, now - dt.timedelta(hours=23))
    case = holds.candidate(telkomsel, at=now)
    with pytest.raises(Forbidden, match="grant_too_new"):
        holds.proposed_hold(case, by=new, at=now)
    waiting = holds.proposed_hold(case, by=budi, at=now)
    with pytest.raises(Forbidden, match="grant_too_new"):
        holds.confirmed_hold(waiting, by=new, at=now)
    held = holds.confirmed_hold(waiting, by=citra, at=now)
    assert cases.end_hold(held, by=new, at=now, mistake=True).ended_by == new


def test_the_database_counts_the_waiting_time_too(agus: User, now: dt.datetime) -> None:
    """The code is right, the person is, the act is: only the grant is too new."""
    granted(agus, now - dt.timedelta(hours=23))
    row = evidence_of(
        step_up(agus, now), act=AuditAction.CASE_CONFIRM_CHANGE, subject="case:1", at=now, digest="x"
    )
    with pytest.raises(IntegrityError, match="do not count yet"), transaction.atomic():
        row.save(force_insert=True)
