"""A new portal gets its first two administrators from the console, and in no other way."""

from __future__ import annotations

import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.test import Client

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.core.models import AuditLogEntry
from tests.factories.accounts import past_triggers, person

pytestmark = pytest.mark.django_db

TUTI = ("tuti@kementerian.example", "Tuti Handayani", "P-1001")
BAGUS = ("bagus@kementerian.example", "Bagus Wibowo", "P-1002")
PASSWORD = "jendela kayu manis"


def create(*people: tuple[str, str, str]) -> list[str]:
    """The links that the command prints."""
    given = [word for one in people for word in ("--administrator", *one)]
    printed = io.StringIO()
    call_command("create_first_administrators", *given, stdout=printed)
    return re.findall(r"http://127\.0\.0\.1:8000(/akun/\S+)", printed.getvalue())


def set_password(link: str) -> int:
    browser = Client()
    form = browser.get(link, follow=True)
    words = {"password1": PASSWORD, "password2": PASSWORD}
    return browser.post(form.request["PATH_INFO"], words).status_code


def test_two_administrators_set_their_passwords_by_links_that_work_once():
    links = create(TUTI, BAGUS)
    assert [user.roles for user in User.objects.order_by("pk")] == [[Role.ADMINISTRATOR]] * 2
    assert [set_password(link) for link in links] == [302, 302]
    assert User.objects.get(email=BAGUS[0]).check_password(PASSWORD)
    assert "password1" not in Client().get(links[0], follow=True).text
    acts = AuditLogEntry.objects.filter(action="user.invite")
    assert [(act.actor, act.detail) for act in acts] == [("system", {"roles": ["administrator"]})] * 2


def test_links_that_ran_out_are_made_again_until_one_has_set_a_password():
    create(TUTI, BAGUS)
    links = create(TUTI, BAGUS)
    assert User.objects.count() == 2
    set_password(links[0])
    with pytest.raises(CommandError, match="invites the others"):
        create(TUTI, BAGUS)


@pytest.mark.parametrize(
    "people",
    [
        (TUTI,),
        (TUTI, BAGUS, ("rina@kementerian.example", "Rina", "P-1003")),
        (TUTI, ("tuti+2@kementerian.example", "Tuti H.", "P-1003")),
        (TUTI, ("t2@kementerian.example", "Tuti H.", "p1001")),
        (TUTI, ("not an address", "Bagus", "P-1002")),
        (TUTI, ("bagus@kementerian.example", "", "P-1002")),
    ],
)
def test_anything_but_two_people_makes_no_one(people):
    with pytest.raises(CommandError):
        create(*people)
    assert not User.objects.exists()


def test_a_portal_with_an_administrator_is_left_alone():
    person("sari@aduan.example", "Sari", Role.ADMINISTRATOR)
    with pytest.raises(CommandError, match="administrators already"):
        create(TUTI, BAGUS)
    assert User.objects.count() == 1


def test_createsuperuser_is_refused_with_the_way():
    with pytest.raises(CommandError, match="create_first_administrators --administrator EMAIL"):
        call_command("createsuperuser")


def test_no_log_in_has_a_role_that_does_not_exist():
    """In 0.1.0 a role that was typed wrong at the console was kept, and opened nothing."""
    with pytest.raises(IntegrityError, match="roles_are_known"), past_triggers():
        User.objects.create_user(TUTI[0], name=TUTI[1], staff_number=TUTI[2], roles=["Administrator"])
