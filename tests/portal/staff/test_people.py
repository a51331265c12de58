"""Ministry staff: invited, given roles, sent away."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import AccountChange, User
from aduan.accounts.roles import Role
from aduan.accounts.services import require_step_up
from aduan.cases.models import Alarm
from aduan.core.errors import Forbidden
from aduan.core.models import AuditLogEntry
from tests.factories import cases
from tests.factories.accounts import person, step_up
from tests.factories.complaints import complaint
from tests.portal.mailbox import sent_messages
from tests.portal.second_factor import enrol
from tests.portal.staff.login import log_in_staff


@pytest.fixture
def tuti(db: None) -> User:
    return person("tuti@aduan.example", "Tuti Handayani", Role.ADMINISTRATOR)


@pytest.fixture
def bagus(db: None) -> User:
    return person("bagus@aduan.example", "Bagus Wibowo", Role.ADMINISTRATOR)


NEW = {
    "email": "Rina@Aduan.example", "name": "Rina", "staff_number": "P-77", "roles": ["reviewer"],
    "reason": "Pegawai baru",
}  # fmt: skip


def settle(by: User, answer: str = "confirm") -> Any:
    change = AccountChange.objects.get(state="pending")
    client = log_in_staff(Client(headers={"accept-language": "en"}), by)
    assert change.person.name in client.get("/kelola/orang/usulan/").text
    return client.post(f"/kelola/orang/usulan/{change.pk}/", {"answer": answer})


def test_an_invitation_takes_two_and_makes_a_log_in_that_only_its_owner_can_open(tuti, bagus, client):
    log_in_staff(client, tuti)
    assert client.post("/kelola/orang/undang/", NEW).status_code == 302
    rina = User.objects.get(email="rina@aduan.example")
    assert rina.roles == []
    assert sent_messages() == []  # no one can log in yet
    assert settle(tuti).status_code == 403
    assert settle(bagus).status_code == 302
    rina.refresh_from_db()
    assert rina.roles == ["reviewer"]
    assert not rina.has_usable_password()
    [link] = re.findall(r"http://127\.0\.0\.1:8000(/akun/\S+)", str(sent_messages()[0].body))
    newcomer = Client()
    form = newcomer.get(link, follow=True)
    answer = newcomer.post(
        form.request["PATH_INFO"], {"password1": "jendela kayu manis", "password2": "jendela kayu manis"}
    )
    assert answer.status_code == 302
    rina.refresh_from_db()
    assert rina.check_password("jendela kayu manis")
    assert newcomer.get("/kelola/")["Location"].startswith(
        "/akun/login/"
    )  # setting a password is not logging in


def test_leads_learn_of_each_new_decider(tuti, bagus, client):
    lead = person("lia@aduan.example", "Lia", Role.LEAD)
    log_in_staff(client, tuti).post("/kelola/orang/undang/", NEW)
    settle(bagus)
    alarm = Alarm.objects.get()
    assert alarm.person is not None
    assert (alarm.kind, alarm.person.name, alarm.seen_at) == ("new_decider", "Rina", None)
    [letter] = [message for message in sent_messages() if message.to == [lead.email]]
    assert "Rina" in letter.subject + str(letter.body)


def test_a_refused_invitation_changes_nothing(tuti, bagus, client):
    log_in_staff(client, tuti).post("/kelola/orang/undang/", NEW)
    settle(bagus, "refuse")
    assert User.objects.get(email="rina@aduan.example").roles == []
    assert sent_messages() == []


def test_taking_a_role_is_at_once_and_giving_one_waits(tuti, bagus, budi, client):
    log_in_staff(client, tuti)
    page = f"/kelola/orang/{budi.pk}/"
    refused = client.post(page, {"act": "roles", "roles": ["reviewer", "approver"]})
    assert "field-invalid" in refused.text  # without a reason
    client.post(page, {"act": "roles", "roles": ["reviewer", "approver"], "reason": "Naik jabatan"})
    budi.refresh_from_db()
    assert budi.roles == ["reviewer"]
    client.post(page, {"act": "roles", "roles": []})
    budi.refresh_from_db()
    assert budi.roles == []
    assert not AccountChange.objects.filter(state="pending").exists()


def test_a_lost_second_factor_is_taken_off_by_two(tuti, bagus, budi, client):
    enrol(budi)
    log_in_staff(client, tuti)
    client.post(f"/kelola/orang/{budi.pk}/", {"act": "second_factor", "reason": "Ponsel hilang"})
    assert Authenticator.objects.filter(user=budi).exists()
    settle(bagus)
    assert not Authenticator.objects.filter(user=budi).exists()
    assert any(message.to == [budi.email] for message in sent_messages())
    with pytest.raises(Forbidden):  # the waiting time begins anew
        require_step_up(step_up(budi, timezone.now()), by=User.objects.get(pk=budi.pk), at=timezone.now())


def test_a_name_changes_by_two(tuti, bagus, budi, client):
    log_in_staff(client, tuti)
    given = {"act": "identity", "name": "Budi S.", "email": budi.email, "staff_number": budi.staff_number}
    client.post(f"/kelola/orang/{budi.pk}/", {**given, "reason": "Menikah"})
    budi.refresh_from_db()
    assert budi.name == "Budi Santoso"
    settle(bagus)
    budi.refresh_from_db()
    assert budi.name == "Budi S."


def test_proposals_of_a_person_who_left_go_back_to_the_queue(tuti, budi, citra, agus, telkomsel, client, now):
    """Seen on 9f931d8: they were a dead end, which no signature could settle."""
    proposed, disputed = (cases.make_case(telkomsel, at=now) for _turn in range(2))
    cases.proposed(proposed, by=budi, at=now)
    cases.proposed(disputed, by=citra, at=now)
    cases.signed(disputed, by=budi, at=now + dt.timedelta(minutes=5), agrees=False)
    log_in_staff(client, tuti).post(f"/kelola/orang/{budi.pk}/", {"act": "deactivate"})
    for case in (proposed, disputed):
        case.refresh_from_db()
        assert case.status == "open"
        assert case.events.latest("pk").system_reason == "signer_left"
    cases.proposed(proposed, by=citra, at=now + dt.timedelta(hours=1))
    cases.signed(proposed, by=agus, at=now + dt.timedelta(hours=2))


def test_extra_fields_give_no_power(tuti, client):
    log_in_staff(client, tuti)
    client.post(
        "/kelola/orang/undang/", {**NEW, "is_staff": "1", "is_active": "0", "password": "x", "pk": tuti.pk}
    )
    rina = User.objects.get(email="rina@aduan.example")
    assert rina.is_active
    assert not rina.has_usable_password()


@pytest.mark.parametrize("roles", [["operator_person"], ["god"], [], ["administrator", "reviewer"]])
def test_roles_that_no_one_may_have_are_refused(tuti, client, roles):
    log_in_staff(client, tuti)
    assert client.post("/kelola/orang/undang/", {**NEW, "roles": roles}).status_code == 200
    assert not User.objects.filter(email="rina@aduan.example").exists()


def test_one_human_has_one_log_in(tuti, client, budi):
    log_in_staff(client, tuti)
    page = client.post("/kelola/orang/undang/", {**NEW, "staff_number": budi.staff_number.lower()})
    assert "field-invalid" in page.text
    assert not User.objects.filter(email="rina@aduan.example").exists()


def test_no_one_changes_their_own_roles(tuti, client):
    log_in_staff(client, tuti)
    client.post(f"/kelola/orang/{tuti.pk}/", {"act": "roles", "roles": ["administrator", "auditor"]})
    tuti.refresh_from_db()
    assert tuti.roles == ["administrator"]


def test_a_deactivated_person_is_out_at_the_next_request_and_it_is_on_record(tuti, client, budi):
    other = Client()
    log_in_staff(other, budi)
    log_in_staff(client, tuti)
    client.post(f"/kelola/orang/{budi.pk}/", {"act": "deactivate"})
    assert other.get("/kelola/")["Location"].startswith("/akun/login/")
    last = AuditLogEntry.objects.latest("seq")
    assert (last.action, last.actor, last.subject) == (
        "user.deactivate",
        f"user:{tuti.pk}",
        f"user:{budi.pk}",
    )


def test_a_reviewer_cannot_reach_the_people(client, budi, citra):
    log_in_staff(client, budi)
    assert client.get("/kelola/orang/").status_code == 403
    assert client.post(f"/kelola/orang/{citra.pk}/", {"act": "deactivate"}).status_code == 403
    citra.refresh_from_db()
    assert citra.is_active


def test_operators_people_are_not_in_this_list(client, tuti, dewi):
    log_in_staff(client, tuti)
    assert dewi.email not in client.get("/kelola/orang/").text
    assert client.get(f"/kelola/orang/{dewi.pk}/").status_code == 404


def test_a_phone_is_written_down_in_any_spelling_and_closes_cases(tuti, budi, client, now):
    complaint(now, contact_phone="0812 9999 8888")
    log_in_staff(client, tuti)
    answer = client.post(
        f"/kelola/orang/{budi.pk}/", {"act": "phone", "phone": "0812 9999 8888"}, follow=True
    )
    budi.refresh_from_db()
    assert budi.phone == "+6281299998888"
    assert "tertutup baginya: 1" in answer.text
    refused = client.post(f"/kelola/orang/{budi.pk}/", {"act": "phone", "phone": "021-5551234"})
    assert refused.status_code == 200
    assert "invalid-feedback" in refused.text
    budi.refresh_from_db()
    assert budi.phone == "+6281299998888"
