"""Ministry staff: invited, given roles, sent away."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.core.models import AuditLogEntry
from tests.factories.accounts import person
from tests.factories.complaints import complaint
from tests.portal.mailbox import sent_messages
from tests.portal.staff.login import log_in_staff


@pytest.fixture
def tuti(db: None) -> User:
    return person("tuti@aduan.example", "Tuti Handayani", Role.ADMINISTRATOR)


NEW = {"email": "Rina@Aduan.example", "name": "Rina", "staff_number": "P-77", "roles": ["reviewer"]}


def test_an_invitation_makes_a_log_in_that_only_its_owner_can_open(tuti, client):
    log_in_staff(client, tuti)
    assert client.post("/kelola/orang/undang/", NEW).status_code == 302
    rina = User.objects.get(email="rina@aduan.example")
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
