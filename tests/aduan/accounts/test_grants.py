"""Power takes two administrators and time to receive, and one person to lose.

Seen on 9f931d8: one administrator invited two invented reviewers, and with them confirmed an urgent block;
0.7 s later it stood on a published list.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction

from aduan.accounts import services
from aduan.accounts.models import AccountChange, AccountPolicy, User
from aduan.accounts.roles import Role
from aduan.core.audit_actions import AuditAction
from aduan.core.errors import DomainError, Forbidden, Invalid, WrongState
from aduan.core.models import AuditLogEntry
from tests.database import as_administrator
from tests.factories.accounts import past_triggers, person, step_up

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def tuti(db: None) -> User:
    return person("tuti@aduan.example", "Tuti Handayani", Role.ADMINISTRATOR)


@pytest.fixture
def bagus(db: None) -> User:
    return person("bagus@aduan.example", "Bagus Wibowo", Role.ADMINISTRATOR)


def invited(by: User, at: dt.datetime, email: str = "rina@aduan.example", **more: str) -> User:
    given = {"name": "Rina", "staff_number": "P-77", **more}
    return services.invite(
        email=email, roles=[Role.REVIEWER], by=by, at=at, step_up=step_up(by, at), reason="Baru", **given
    )


def confirm(user: User, by: User, at: dt.datetime) -> User:
    return services.confirm_account_change(user.changes.get(), by=by, at=at, step_up=step_up(by, at)).person


def test_two_administrators_grant_and_the_database_agrees(tuti: User, bagus: User, now: dt.datetime) -> None:
    rina = invited(tuti, now)
    assert rina.roles == []
    rina = confirm(rina, bagus, now + HOUR)
    rina.refresh_from_db()
    assert (rina.roles, rina.roles_granted_at) == ([Role.REVIEWER], now + HOUR)
    acts = (
        AuditLogEntry.objects.filter(subject=f"user:{rina.pk}")
        .order_by("seq")
        .values_list("action", flat=True)
    )
    assert list(acts) == ["user.invite", "user.propose_change", "user.confirm_change"]


def test_no_one_confirms_what_they_proposed_or_what_is_about_themselves(
    tuti: User, bagus: User, now: dt.datetime
) -> None:
    rina = invited(tuti, now)
    with pytest.raises(Forbidden) as refusal:
        confirm(rina, tuti, now)
    assert refusal.value.code == "same_person"
    services.propose_roles(
        bagus, [Role.ADMINISTRATOR, Role.LEAD], by=tuti, at=now, step_up=step_up(tuti, now), reason="x"
    )
    with pytest.raises(Forbidden):
        confirm(bagus, bagus, now)
    with pytest.raises(Forbidden):
        services.propose_roles(tuti, [Role.LEAD], by=tuti, at=now, step_up=step_up(tuti, now), reason="x")


def test_a_second_log_in_of_the_same_human_does_not_confirm(tuti: User, now: dt.datetime) -> None:
    twin = person("tuti+dua@aduan.example", "T. Handayani", Role.ADMINISTRATOR)
    rina = invited(tuti, now)
    with pytest.raises(Forbidden):
        confirm(rina, twin, now)


@pytest.mark.parametrize(
    ("hours", "refused"), [(0, True), (23.9, True), (24, False)], ids=["at once", "too soon", "later"]
)
def test_a_new_decider_waits(tuti: User, bagus: User, now: dt.datetime, hours: float, refused: bool) -> None:
    rina = confirm(invited(tuti, now), bagus, now)
    at = now + hours * HOUR
    if not refused:
        services.require_step_up(step_up(rina, at), by=rina, at=at)
        return
    with pytest.raises(Forbidden) as refusal:
        services.require_step_up(step_up(rina, at), by=rina, at=at)
    assert refusal.value.code == "grant_too_new"


def test_taking_power_away_is_one_persons_act(tuti: User, budi: User, now: dt.datetime) -> None:
    services.take_roles(budi, [], by=tuti, at=now)
    budi.refresh_from_db()
    assert budi.roles == []
    services.deactivate(budi, by=tuti, at=now)
    budi.refresh_from_db()
    assert not budi.is_active


Propose = Callable[[User, User, dt.datetime], AccountChange]


def _rename(one: User, by: User, at: dt.datetime) -> AccountChange:
    return services.propose_identity(
        one, name="Budi S.", email="budi.s@aduan.example", staff_number="P-1", by=by, at=at,
        step_up=step_up(by, at), reason="Menikah",
    )  # fmt: skip


def _reset(one: User, by: User, at: dt.datetime) -> AccountChange:
    return services.propose_second_factor_reset(one, by=by, at=at, step_up=step_up(by, at), reason="Hilang")


def _wake(one: User, by: User, at: dt.datetime) -> AccountChange:
    one = services.deactivate(one, by=by, at=at)
    return services.propose_reactivation(one, by=by, at=at, step_up=step_up(by, at), reason="Kembali")


@pytest.mark.parametrize(("propose", "waits"), [(_rename, False), (_reset, True), (_wake, True)])
def test_other_changes_take_two_as_well(
    tuti: User, bagus: User, budi: User, now: dt.datetime, propose: Propose, waits: bool
) -> None:
    before = budi.roles_granted_at
    change = propose(budi, tuti, now)
    with pytest.raises(Forbidden):
        services.confirm_account_change(change, by=tuti, at=now, step_up=step_up(tuti, now))
    services.confirm_account_change(change, by=bagus, at=now, step_up=step_up(bagus, now))
    budi.refresh_from_db()
    assert (budi.is_active, budi.roles_granted_at) == (True, now if waits else before)
    assert (budi.name == "Budi S.") is (propose is _rename)


def test_one_change_at_a_time_and_each_ends_once(tuti: User, bagus: User, now: dt.datetime) -> None:
    rina = invited(tuti, now)
    with pytest.raises(WrongState):
        services.propose_roles(rina, [Role.LEAD], by=bagus, at=now, step_up=step_up(bagus, now), reason="x")
    change = services.refuse_account_change(rina.changes.get(), by=bagus, at=now)
    with pytest.raises(WrongState):
        services.confirm_account_change(change, by=bagus, at=now, step_up=step_up(bagus, now))


def test_an_administrator_who_left_leaves_no_open_grant(tuti: User, bagus: User, now: dt.datetime) -> None:
    rina = invited(tuti, now)
    services.deactivate(tuti, by=bagus, at=now)
    assert rina.changes.get().state == AccountChange.State.REFUSED


def test_only_official_mailboxes(tuti: User, bagus: User, now: dt.datetime) -> None:
    with as_administrator():
        AccountPolicy.objects.create(mail_domains=["aduan.example"])
    confirm(invited(tuti, now), bagus, now)
    with pytest.raises(Invalid) as refusal:
        invited(tuti, now, "x@gmail.com", staff_number="P-78")
    assert refusal.value.code == "mailbox_not_official"


GAINS = [
    "UPDATE accounts_user SET roles = '{reviewer,approver}' WHERE id = %(who)s",
    "UPDATE accounts_user SET name = 'Lain' WHERE id = %(who)s",
    "UPDATE accounts_user SET email = 'lain@aduan.example' WHERE id = %(who)s",
    "UPDATE accounts_user SET staff_number = 'LAIN' WHERE id = %(who)s",
    "UPDATE accounts_user SET roles_granted_at = now() - interval '9 years' WHERE id = %(who)s",
    """INSERT INTO accounts_user (password, email, name, staff_number, phone, roles, is_active, created_at)
       VALUES ('', 'lain@aduan.example', 'Lain', 'LAIN', '', '{reviewer}', true, now())""",
    """INSERT INTO accounts_user (password, email, name, staff_number, phone, roles, is_active, created_at)
       VALUES ('', 'lain@aduan.example', 'Lain', 'LAIN', '', '{administrator}', true, now())""",
]


@pytest.mark.parametrize("statement", GAINS)
def test_sql_alone_gives_no_power(tuti: User, bagus: User, budi: User, statement: str) -> None:
    with pytest.raises(IntegrityError, match=r"two administrators|without roles"):
        _sql(statement, who=budi.pk)


def test_sql_alone_wakes_no_one(tuti: User, budi: User, now: dt.datetime) -> None:
    services.deactivate(budi, by=tuti, at=now)
    with pytest.raises(IntegrityError, match="two administrators"):
        _sql("UPDATE accounts_user SET is_active = true WHERE id = %(who)s", who=budi.pk)


def test_sql_cannot_confirm_in_the_name_of_a_second_administrator(
    tuti: User, bagus: User, now: dt.datetime
) -> None:
    rina = invited(tuti, now)
    with pytest.raises(IntegrityError, match=r"change_confirmed_by_two_people|no step-up"):
        _sql(
            "UPDATE accounts_accountchange SET state = 'confirmed', settled_at = now(),"
            " settled_by_id = %(by)s, settled_step_up_id = proposed_step_up_id WHERE person_id = %(who)s",
            who=rina.pk, by=bagus.pk,
        )  # fmt: skip
    # A step-up of the second administrator for something else does not serve either.
    other = services.record_step_up(
        step_up(bagus, now), by=bagus, act=AuditAction.USER_CONFIRM_CHANGE, subject="account_change:0", at=now
    )
    with pytest.raises(IntegrityError, match="no step-up"):
        _sql(
            "UPDATE accounts_accountchange SET state = 'confirmed', settled_at = %(at)s,"
            " settled_by_id = %(by)s, settled_step_up_id = %(proof)s WHERE person_id = %(who)s",
            who=rina.pk, by=bagus.pk, at=now, proof=other.pk,
        )  # fmt: skip


def test_an_old_change_serves_once(tuti: User, bagus: User, now: dt.datetime) -> None:
    """A role that was taken away does not come back by the grant of that time."""
    rina = confirm(invited(tuti, now), bagus, now)
    services.take_roles(rina, [], by=tuti, at=now)
    with pytest.raises(IntegrityError, match="two administrators"):
        _sql("UPDATE accounts_user SET roles = '{reviewer}' WHERE id = %(who)s", who=rina.pk)


def test_a_person_is_the_one_whom_both_saw(tuti: User, bagus: User, now: dt.datetime) -> None:
    rina = invited(tuti, now)
    with past_triggers():  # the database refuses it
        User.objects.filter(pk=rina.pk).update(email="lain@aduan.example")
    with pytest.raises(DomainError) as refusal:
        confirm(rina, bagus, now)
    assert refusal.value.code == "person_changed"


def test_first_administrators_count_at_once_and_only_while_there_are_none(now: dt.datetime) -> None:
    people = [
        services.NewPerson("a@aduan.example", "A", "A1"),
        services.NewPerson("b@aduan.example", "B", "B1"),
    ]
    first, second = services.create_first_administrators(people, at=now)
    confirm(invited(first, now), second, now)
    with pytest.raises(IntegrityError, match="without roles"):
        _sql(GAINS[-1])


def _sql(statement: str, **given: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, given)  # type: ignore[arg-type]
