"""Who gets into the ministry's interface."""

from __future__ import annotations

from django.test import Client, override_settings

from aduan.accounts.models import AccountPolicy
from tests.database import as_administrator


def test_no_one_is_sent_to_the_log_in(client: Client, db):
    answer = client.get("/kelola/")
    assert answer.status_code == 302
    assert answer["Location"] == "/akun/login/?next=/kelola/"


def test_an_address_that_does_not_exist_answers_the_same_to_no_one(client: Client, db):
    assert client.get("/kelola/there-is-nothing/").status_code == 302


def test_staff_get_in_and_nothing_is_kept_by_caches(client: Client, budi):
    client.force_login(budi)
    answer = client.get("/kelola/tombol/")
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]


def test_a_deactivated_person_is_out_at_the_next_request(client: Client, budi):
    client.force_login(budi)
    assert client.get("/kelola/tombol/").status_code == 200
    budi.is_active = False
    budi.save()
    assert client.get("/kelola/tombol/")["Location"].startswith("/akun/login/")


def test_staff_without_a_second_factor_must_set_one_up(client: Client, budi):
    client.force_login(budi)
    with override_settings(STAFF_SECOND_FACTOR=True):
        assert client.get("/kelola/tombol/")["Location"] == "/akun/2fa/"


def test_operators_people_are_refused(client: Client, dewi):
    client.force_login(dewi)
    assert client.get("/kelola/").status_code == 403


def test_a_role_taken_away_is_gone_at_the_next_request(client: Client, budi):
    client.force_login(budi)
    budi.roles = []
    budi.save()
    assert client.get("/kelola/tombol/").status_code == 403


def test_every_page_says_that_it_is_a_demonstration(client: Client, budi):
    client.force_login(budi)
    assert "Peragaan" not in client.get("/kelola/tombol/").text
    with as_administrator():
        AccountPolicy.objects.create(waiting_hours=0, password_steps_up=True)
    for page in ("/kelola/tombol/", "/kelola/antrean/"):
        assert "Peragaan: kata sandi menggantikan faktor kedua" in client.get(page).text
