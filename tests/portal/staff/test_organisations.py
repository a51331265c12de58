"""Operators and platforms join by pages: an address, a first person, and from there on by themselves."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from aduan.accounts.models import ApprovalRequest, User
from aduan.accounts.roles import Role
from aduan.blocklists.services import open_sandbox
from aduan.notifications.models import OutboxMessage
from aduan.operators.models import Operator, OperatorMember
from aduan.referrals.models import PlatformContact
from aduan.referrals.services import PlatformData, open_platform_sandbox, remind_platforms
from tests.factories import approvals
from tests.factories import referrals as make
from tests.factories.accounts import person
from tests.factories.operators import operator
from tests.portal.operators.conftest import at_desk
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db
CONTACT = {
    "referral_email": "Abuse@Signal.example",
    "language": "en",
    "representative": "",
    "representative_email": "",
    "escalate_after_days": "21",
    "source": "signal.example/legal",
}
PLATFORM = {"name": "Signal", "legal_name": "", "code": "signal", **CONTACT}
PERSON = {"name": "Sari", "email": "sari@signal.example", "staff_number": "7", "reason": "Surat 12"}


def stepped_up(user: User) -> Client:
    return log_in_staff(Client(headers={"accept-language": "en"}), user)


@pytest.fixture
def tuti(db: None) -> User:
    return person("tuti@aduan.example", "Tuti", Role.ADMINISTRATOR)


def approved(by: User) -> None:
    """Another person opens the newest request, sees its terms, and approves it."""
    asked = ApprovalRequest.objects.latest("pk")
    address, desk = f"/kelola/orang-kedua/persetujuan/{asked.pk}/", stepped_up(by)
    shown = desk.get(address).content.decode()
    assert all(str(value) in shown for value in asked.asked.values() if isinstance(value, str))
    assert desk.post(address, {"step": "approve", "read": "on"}).status_code == 302


def test_a_platform_joins_and_its_first_person_gets_an_invitation(rini: User, tuti: User) -> None:
    desk = stepped_up(rini)
    desk.post("/kelola/organisasi/baru/", PLATFORM)
    assert not Operator.objects.filter(code="signal").exists(), "one person registers no platform"
    approved(tuti)
    platform = Operator.objects.get(code="signal")
    assert (platform.kind, platform.obligation) == ("ott", "voluntary")
    contact = PlatformContact.objects.get(platform=platform)
    assert (contact.referral_email, contact.escalate_after_days) == ("Abuse@signal.example", 21)
    desk.post(f"/kelola/organisasi/{platform.pk}/", {"act": "invite", **PERSON})
    assert not OperatorMember.objects.exists()
    assert not OutboxMessage.objects.exists()
    approved(tuti)
    member = OperatorMember.objects.select_related("user").get(operator=platform)
    assert (member.manages_keys, member.user.email) == (True, "sari@signal.example")
    assert OutboxMessage.objects.filter(kind="account_invitation").count() == 1
    assert at_desk(member.user).get("/operator/rujukan/").status_code == 200


def test_the_first_engineer_of_each_sandbox_is_invited_here_too(rini: User, tuti: User, lina: User) -> None:
    """Seen to fail on 0.3.0: sandboxes were left out, so that no one could log in to them."""
    desk = stepped_up(rini)
    for turn, open_one in enumerate((open_sandbox, open_platform_sandbox)):
        sandbox = open_one(by=lina, at=timezone.now())
        address = f"/kelola/organisasi/{sandbox.pk}/"
        assert address in desk.get("/kelola/organisasi/").content.decode()
        assert "How the platform is reached" not in desk.get(address).content.decode()
        person = PERSON | {"email": f"sari{turn}@sandbox.example", "staff_number": f"7{turn}"}
        desk.post(address, {"act": "invite", **person})
        approved(tuti)
        assert OperatorMember.objects.get(operator=sandbox).manages_keys


def test_an_operator_of_the_register_gets_its_first_person_too(rini: User, tuti: User) -> None:
    lone = operator("smartfren", "Smartfren")
    desk, address = stepped_up(rini), f"/kelola/organisasi/{lone.pk}/"
    assert "How the platform is reached" not in desk.get(address).content.decode(), "operators get lists"
    desk.post(address, {"act": "invite", **PERSON})
    assert "waiting for the second person" in desk.get(address).content.decode()
    approved(tuti)
    assert OperatorMember.objects.get(operator=lone).manages_keys


def test_two_invitations_at_once_make_one_first_person(rini: User, tuti: User) -> None:
    lone = operator("smartfren", "Smartfren")
    desk, address = stepped_up(rini), f"/kelola/organisasi/{lone.pk}/"
    desk.post(address, {"act": "invite", **PERSON})
    again = desk.post(address, {"act": "invite", **PERSON, "email": "other@signal.example"})
    assert "asked for already" in again.content.decode()


def test_while_someone_there_manages_access_no_one_else_invites(
    rini: User, dewi: User, telkomsel: Operator
) -> None:
    desk, address = stepped_up(rini), f"/kelola/organisasi/{telkomsel.pk}/"
    assert 'value="invite"' not in desk.get(address).content.decode()
    desk.post(address, {"act": "invite", **PERSON})
    assert OperatorMember.objects.filter(operator=telkomsel).count() == 1
    User.objects.filter(pk=dewi.pk).update(is_active=False)
    assert 'value="invite"' in desk.get(address).content.decode(), "the one who managed it has left"


def test_an_address_is_changed_and_a_wrong_one_is_named(rini: User, lina: User) -> None:
    platform = make.platform()
    desk, address = stepped_up(rini), f"/kelola/organisasi/{platform.pk}/"
    page = desk.post(address, {"act": "contact", **CONTACT, "escalate_after_days": "3"}).content.decode()
    assert "greater than or equal to 7" in page
    desk.post(address, {"act": "contact", **CONTACT})
    assert PlatformContact.objects.get().referral_email == "abuse@platform.example"
    approved(lina)
    assert PlatformContact.objects.get().referral_email == "Abuse@signal.example"


def test_what_waited_for_an_address_leaves_once_it_is_known(
    rini: User, lina: User, budi: User, citra: User, telkomsel: Operator
) -> None:
    """Seen to fail before: it was never mailed, and counted as reminded without a mail."""
    long_ago = timezone.now() - dt.timedelta(days=9)
    platform = make.platform(email="")
    make.referred("0812-3456-7890", at=long_ago, by=budi, second=citra)
    assert remind_platforms(ministry=make.MINISTRY, at=timezone.now()) == 0
    desk, address = stepped_up(rini), f"/kelola/organisasi/{platform.pk}/"
    for _turn in range(2):
        desk.post(address, {"act": "contact", **CONTACT})
        approved(lina)
    assert OutboxMessage.objects.get(kind__startswith="referral").kind == "referral"


def test_a_code_or_an_address_that_is_taken_is_refused(rini: User, dewi: User, telkomsel: Operator) -> None:
    desk = stepped_up(rini)
    taken = desk.post("/kelola/organisasi/baru/", {**PLATFORM, "code": "telkomsel"}).content.decode()
    assert "There is an organisation of this code." in taken
    lone = operator("smartfren", "Smartfren")
    page = desk.post(f"/kelola/organisasi/{lone.pk}/", {"act": "invite", **PERSON, "email": dewi.email})
    assert "has a log-in already" in page.content.decode()
    assert not OperatorMember.objects.filter(operator=lone).exists()


def test_a_list_manager_writes_down_addresses_and_invites_no_one(lina: User) -> None:
    platform = make.platform(email="")
    desk, address = stepped_up(lina), f"/kelola/organisasi/{platform.pk}/"
    assert 'value="invite"' not in desk.get(address).content.decode()
    desk.post(address, {"act": "invite", **PERSON})
    assert not ApprovalRequest.objects.exists()
    desk.post(address, {"act": "contact", **CONTACT})
    assert ApprovalRequest.objects.get().kind == "contact"


def test_who_only_reads_the_register_changes_nothing(citra: User, agus: User) -> None:
    platform = make.platform(email="")
    desk = stepped_up(agus)
    assert desk.get("/kelola/organisasi/").status_code == 200
    assert desk.get("/kelola/organisasi/baru/").status_code in (403, 404)
    desk.post(f"/kelola/organisasi/{platform.pk}/", {"act": "contact", **CONTACT})
    assert not ApprovalRequest.objects.exists()


def test_more_organisations_cost_no_more_statements(rini: User, lina: User) -> None:
    desk = stepped_up(rini)

    def statements() -> int:
        with CaptureQueriesContext(connection) as context:
            assert desk.get("/kelola/organisasi/").status_code == 200
        return len(context)

    statements()
    before = statements()
    for code in ("satu", "dua", "tiga"):
        data = PlatformData(code, code, code, f"abuse@{code}.example", "test")
        approvals.platform_joined(data, by=(rini, lina), at=timezone.now())
    assert statements() == before
