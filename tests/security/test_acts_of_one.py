"""Acts that one person could do alone, or SQL as the application's role, and that stopped or freed something.

On bb865956 one list manager protected all numbers that begin alike, rejected every list that waited without a
proof of who they are, a lead put away the alarm about themselves, and SQL moved a blocked number back to the
operator that held its prefix before.
"""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from aduan.accounts.models import StepUpEvidence, User
from aduan.accounts.roles import Role
from aduan.blocklists.models import BlockList, ListType
from aduan.blocklists.services import build_list, reject
from aduan.cases import services
from aduan.cases.models import Alarm
from aduan.cases.queries.change_requests import effect_of_pattern
from aduan.core.errors import Forbidden
from aduan.numbers.models import PhoneNumber, ProtectedNumber
from aduan.operators.models import NumberRange, Operator
from tests.factories.accounts import past_triggers, person, step_up
from tests.factories.blocklists import OCTOBER, a_block
from tests.factories.operators import a_range
from tests.security.injection import run_sql

pytestmark = pytest.mark.django_db
WHY = {"owner": "Bank", "kind": "bank", "source": "surat", "reason": "nomor bank"}


@pytest.fixture
def mira(db: None) -> User:
    return person("mira@aduan.example", "Mira", Role.LIST_MANAGER)


@pytest.fixture
def waiting(telkomsel: Operator, budi: User, citra: User, now: dt.datetime) -> BlockList:
    block = a_block(telkomsel, by=(budi, citra), at=now)
    services.record_objection(block.case, at=now)
    return rebuilt(telkomsel, now)


def rebuilt(operator: Operator, now: dt.datetime) -> BlockList:
    made = build_list(operator, period=OCTOBER, kind=ListType.MONTHLY, at=now)
    assert made is not None
    return made


def test_a_pattern_takes_two_although_nothing_is_blocked_under_it(
    lina: User, mira: User, now: dt.datetime
) -> None:
    with pytest.raises(Forbidden, match="takes_two"):
        services.protect_number("0821 0*", **WHY, by=lina, at=now)
    seen = effect_of_pattern("+628210*", begins=True).digest
    asked = services.request_protection(
        "0821 0*", **WHY, seen_digest=seen, by=lina, step_up=step_up(lina, now), at=now
    )
    row = services.confirm_protection(asked, by=mira, step_up=step_up(mira, now), at=now, seen_digest=seen)
    with pytest.raises(Forbidden, match="takes_two"):
        services.unprotect_number(row, reason="keliru", by=lina, at=now)
    assert ProtectedNumber.objects.get().active


def test_sql_protects_no_pattern(db: None) -> None:
    with pytest.raises(IntegrityError, match="neither began nor ended"):
        run_sql(
            "INSERT INTO numbers_protectednumber (pattern, owner, kind, source, confidence, active)"
            " VALUES ('+6282*', 'x', 'bank', 'x', 'entered', true)"
        )


def test_one_person_does_not_reject_two_lists_in_a_row(
    telkomsel: Operator, waiting: BlockList, lina: User, mira: User, now: dt.datetime
) -> None:
    again = person("lina+2@aduan.example", "Lina H.", Role.LIST_MANAGER)
    reject(waiting, by=lina, step_up=step_up(lina, now), at=now, reason="keberatan")
    assert Alarm.objects.get(kind="list_rejected").person == lina
    second = rebuilt(telkomsel, now)
    for one in (lina, again):
        with pytest.raises(Forbidden, match="same_person"):
            reject(second, by=one, step_up=step_up(one, now), at=now, reason="sekali lagi")
    reject(second, by=mira, step_up=step_up(mira, now), at=now, reason="saya lihat juga")
    assert rebuilt(telkomsel, now).version == 3


def test_a_list_is_rejected_with_a_fresh_proof_only(waiting: BlockList, lina: User, now: dt.datetime) -> None:
    with pytest.raises(Forbidden, match="step_up_missing"):
        reject(waiting, by=lina, step_up=step_up(lina, now, minutes_ago=60), at=now, reason="x")
    with pytest.raises(IntegrityError, match="step-up of a list manager"):
        run_sql(
            "UPDATE blocklists_blocklist SET state = 'rejected', rejected_reason = 'by_manager',"
            " rejected_by_id = %(by)s WHERE id = %(id)s",
            by=lina.pk,
            id=waiting.pk,
        )


def test_who_an_alarm_is_about_does_not_put_it_away(now: dt.datetime) -> None:
    lead = person("maya@aduan.example", "Maya", Role.LEAD)
    again = person("maya+2@aduan.example", "Maya K.", Role.LEAD)
    other = person("nia@aduan.example", "Nia", Role.LEAD)
    alarm = services.raise_alarm(Alarm.Kind.BULK, person=lead, at=now, detail={})
    for one in (lead, again):
        with pytest.raises(Forbidden, match="own_alarm"):
            services.mark_alarm_seen(alarm, by=one, at=now)
        with pytest.raises(IntegrityError, match="another person"):
            run_sql("UPDATE cases_alarm SET seen_by_id = %(by)s, seen_at = now()", by=one.pk)
    services.mark_alarm_seen(alarm, by=other, at=now)


def test_sql_moves_no_blocked_number_back_to_who_held_its_prefix_before(
    telkomsel: Operator, indosat: Operator, budi: User, citra: User, now: dt.datetime
) -> None:
    block = a_block(telkomsel, by=(budi, citra), at=now)
    prefix = str(block.digits)[:5]
    with past_triggers():
        NumberRange.objects.filter(prefix=prefix).update(valid=DateRange(dt.date(2020, 1, 1), None))
        a_range(prefix, indosat, until=dt.date(2020, 1, 1))
    with pytest.raises(IntegrityError, match="follows the register"), transaction.atomic():
        PhoneNumber.objects.filter(pk=block.number_id).update(operator=indosat)


def test_a_proof_of_who_one_is_serves_one_act() -> None:
    """Approvals of a stopped list may be carried over to the one that replaces it: its trigger says when."""
    carried = {"resumed_step_up", "second_resumed_step_up"}
    shared = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if field.related_model is StepUpEvidence and not field.unique
    }
    assert shared == {f"BlockList.{name}" for name in carried}
