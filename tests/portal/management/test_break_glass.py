"""What the owner of the tables does on the server to accounts: written, bounded, loud.

Seen on e14b882: with one administrator left, nothing but SQL by hand made a second one, and no one heard of
it; the policy of accounts was SQL as well.
"""

from __future__ import annotations

import datetime as dt
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from aduan.accounts.models import AccountPolicy, User
from aduan.accounts.roles import Role
from aduan.accounts.services import administrators_who_can_act
from aduan.cases.models import Alarm
from aduan.core.models import AuditLogEntry
from aduan.monitoring.services import watch
from aduan.notifications.models import OutboxMessage
from tests.database import as_administrator
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db
NEW = ["baru@aduan.example", "Baru Sekali", "P-9001"]


def broken() -> str:
    said = StringIO()
    with as_administrator():
        call_command("break_glass", administrator=NEW, reason="Perintah Dirjen 12/2026", stdout=said)
    return said.getvalue()


def test_one_administrator_is_made_when_fewer_than_two_can_act(rini: User) -> None:
    lead = person("kepala@aduan.example", "Kepala Meja", Role.LEAD)
    auditor = person("ari@aduan.example", "Ari Auditor", Role.AUDITOR)
    assert administrators_who_can_act(at=timezone.now()) == 1
    assert "/akun/" in broken()
    made = User.objects.get(email=NEW[0])
    assert (made.roles, made.has_usable_password()) == (["administrator"], False)
    assert made.roles_granted_at is not None
    assert made.roles_granted_at > timezone.now() - dt.timedelta(hours=1), "signatures wait"
    assert AuditLogEntry.objects.filter(action="user.break_glass", subject=f"user:{made.pk}").count() == 1
    assert Alarm.objects.get().person == made
    letters = OutboxMessage.objects.filter(kind="break_glass")
    assert {message.key.rpartition(":")[2] for message in letters} == {
        str(one.pk) for one in (lead, auditor, rini)
    }


def test_it_refuses_while_two_can_act_and_the_trigger_is_back_afterwards(rini: User) -> None:
    broken()
    with as_administrator() as cursor:
        cursor.execute("SELECT tgenabled FROM pg_trigger WHERE tgname = 'account_user_power'")
        assert cursor.fetchone()[0] == "O"
    person("tuti@aduan.example", "Tuti Handayani", Role.ADMINISTRATOR)
    before = User.objects.count()
    with pytest.raises(CommandError, match="Two administrators can act"), as_administrator():
        call_command("break_glass", administrator=["x@aduan.example", "X Y", "P-2"], reason="x")
    assert before == User.objects.count()


def test_the_policy_is_changed_by_a_command_and_on_record(rini: User) -> None:
    said = StringIO()
    with as_administrator():
        call_command("account_policy", mail_domains="Kementerian.go.id, komdigi.go.id", stdout=said)
    assert AccountPolicy.current().mail_domains == ["kementerian.go.id", "komdigi.go.id"]
    assert "kementerian.go.id" in said.getvalue()
    assert AuditLogEntry.objects.get(action="account_policy.change").detail == {
        "mail_domains": ["kementerian.go.id", "komdigi.go.id"]
    }
    for wrong in ({"mail_domains": "not a domain"}, {"waiting_hours": -1}):
        with pytest.raises(CommandError), as_administrator():
            call_command("account_policy", **wrong)


def test_a_change_of_the_policy_reaches_administrators_leads_and_auditors(rini: User) -> None:
    """Also one by hand in SQL, which no command records. On d0bffad4 that left no trace."""
    lead = person("lea@aduan.example", "Lea", Role.LEAD)
    person("budi2@aduan.example", "Budi", Role.REVIEWER)
    with as_administrator() as cursor:
        cursor.execute("INSERT INTO accounts_accountpolicy (id, mail_domains) VALUES (1, '{evil.example}')")
        cursor.execute("UPDATE accounts_accountpolicy SET waiting_hours = 24")
    (entry,) = AuditLogEntry.objects.filter(action="account_policy.change")
    assert entry.detail == {"mail_domains": ["evil.example"]}
    found = [one for one in watch(at=entry.at + dt.timedelta(minutes=1)) if one.condition == "account_policy"]
    assert found[0].subjects == ("mail_domains: evil.example",)
    letters = OutboxMessage.objects.filter(kind="incident")
    assert {rini.pk, lead.pk} <= {int(one.key.rpartition(":")[2]) for one in letters}
    with as_administrator() as cursor:
        cursor.execute("DELETE FROM accounts_accountpolicy")
    assert AuditLogEntry.objects.latest("seq").detail == {"mail_domains": []}
    over = [one.condition for one in watch(at=entry.at + dt.timedelta(days=2))]
    assert "account_policy" not in over


def test_production_refuses_the_values_of_a_demonstration(settings: Any) -> None:
    settings.PRODUCTION = True
    for wrong in ({"waiting_hours": 0}, {"password_steps_up": "yes"}):
        with pytest.raises(CommandError, match="nothing was changed"), as_administrator():
            call_command("account_policy", **wrong)
    assert not AccountPolicy.objects.exists()
