"""A text that no database takes is a mistake of who sent it, not a fault of the portal.

On 6e63e80d each of these was answered 500, and raised the alarm for faults.
"""

from __future__ import annotations

import pytest
from django.test import Client

from aduan.accounts.models import User
from aduan.operators.models import Operator
from tests.portal.staff.login import log_in_staff

pytestmark = pytest.mark.django_db
NUL = "a\x00b"


@pytest.mark.parametrize("address", ["daftar/selisih/?operator=%00", "daftar/uji-coba/?operator=a%00"])
def test_in_an_address(client: Client, lina: User, address: str) -> None:
    answer = log_in_staff(client, lina).get(f"/kelola/{address}")
    assert answer.status_code == 400
    assert "tidak terbaca" in answer.text


@pytest.mark.parametrize(
    ("path", "field"), [("daftar/hentikan/", "reason"), ("daftar/penyaring/telkomsel/", "note")]
)
def test_in_a_form_of_a_list_manager(
    client: Client, lina: User, telkomsel: Operator, path: str, field: str
) -> None:
    answer = log_in_staff(client, lina).post(f"/kelola/{path}", {field: NUL, "on": "1"})
    assert answer.status_code == 400
    assert "tidak terbaca" in answer.text


def test_in_the_name_of_a_view(client: Client, budi: User) -> None:
    answer = log_in_staff(client, budi).post("/kelola/antrean/tampilan/", {"name": NUL, "address": "q=1"})
    assert answer.status_code == 400
