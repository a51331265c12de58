import datetime as dt

import pytest
import time_machine
from django.test import Client

from aduan.accounts.models import User

START = dt.datetime(2026, 11, 18, 2, 0, tzinfo=dt.UTC)


def test_a_well_formed_request_id_comes_back(client: Client) -> None:
    response = client.get("/nowhere/", headers={"X-Request-ID": "0123abcd-4567"})
    assert response["X-Request-ID"] == "0123abcd-4567"


def test_a_forged_request_id_is_replaced(client: Client) -> None:
    response = client.get("/nowhere/", headers={"X-Request-ID": '"}\x1b[31m forged'})
    assert "forged" not in response["X-Request-ID"]


def test_every_answer_forbids_device_features_and_foreign_embedding(client: Client) -> None:
    response = client.get("/nowhere/")
    assert "camera=()" in response["Permissions-Policy"]
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("pauses_in_minutes", "still_in"),
    [([29, 29], True), ([31], False), ([25] * 19, True), ([25] * 20, False)],
    ids=["busy", "idle", "almost eight hours", "over eight hours"],
)
def test_a_session_ends_when_idle_and_after_eight_hours(
    client: Client, budi: User, pauses_in_minutes: list[int], still_in: bool
) -> None:
    with time_machine.travel(START, tick=False) as clock:
        client.force_login(budi)
        client.get("/akun/")
        for minutes in pauses_in_minutes:
            clock.shift(dt.timedelta(minutes=minutes))
            client.get("/akun/")
        assert ("_auth_user_id" in client.session) is still_in


@pytest.mark.django_db
def test_a_deactivated_person_is_out_at_the_next_request(client: Client, budi: User) -> None:
    client.force_login(budi)
    User.objects.filter(pk=budi.pk).update(is_active=False)
    assert not client.get("/akun/").wsgi_request.user.is_authenticated


@pytest.mark.parametrize("announced", ["999999999999999999999999999999", str(200 * 1024 * 1024)])
def test_a_body_announced_as_endless_is_refused_unread(client: Client, announced: str) -> None:
    answer = client.post("/akun/", data=b"x", content_type="text/plain", CONTENT_LENGTH=announced)
    assert answer.status_code == 413
