"""Keys, webhooks and people on the pages of those who manage them."""

from __future__ import annotations

import re

import pytest
from django.test import Client, override_settings
from django.utils import timezone

from aduan.accounts.models import User
from aduan.operators import webhooks
from aduan.operators.actors import actor_for
from aduan.operators.models import AccessKey, OperatorMember, WebhookDelivery, WebhookEndpoint
from tests.factories import referrals as make
from tests.factories.accounts import past_triggers
from tests.factories.operators import person_of
from tests.portal.mailbox import sent_messages
from tests.portal.operators.conftest import at_desk

NEW = {"name": "gateway", "scopes": ["list:read"], "networks": "203.0.113.7\n10.0.0.0/8", "life": "90"}


def test_a_key_is_shown_once(dewi_desk: Client):
    answer = dewi_desk.post("/operator/kunci/baru/", NEW)
    text = re.search(r"an_[0-9a-f]{8}_[\w-]{43}", answer.content.decode())
    assert text
    assert "no-store" in answer["Cache-Control"]
    assert (
        Client(headers={"authorization": f"Bearer {text[0]}"})
        .get("/api/v1/key", REMOTE_ADDR="10.1.2.3")
        .status_code
        == 200
    )
    assert text[0] not in dewi_desk.get("/operator/kunci/").content.decode()
    assert AccessKey.objects.get().allowed_networks == ["10.0.0.0/8", "203.0.113.7/32"]


def test_a_platform_gives_out_no_numbers_and_no_key_to_free_them(dewi_desk: Client):
    """Seen to fail on 0.1.0: platforms were offered a scope that does nothing for them."""
    rudi = at_desk(person_of(make.platform(), "rudi@whatsapp.example", "Rudi"))
    address, freeing = "/operator/kunci/baru/", 'value="report:recycled"'
    assert freeing in dewi_desk.get(address).content.decode()
    assert freeing not in rudi.get(address).content.decode()
    assert rudi.post(address, NEW | {"scopes": ["report:recycled"]}).status_code == 400


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": ""}, "This field is required"),
        ({"networks": "elsewhere"}, "not an address"),
        ({"scopes": []}, "required"),
    ],
)
def test_a_form_with_a_fault_comes_back_with_what_was_typed(dewi_desk: Client, change, words: str):
    answer = dewi_desk.post("/operator/kunci/baru/", NEW | change)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not AccessKey.objects.exists()


def test_a_key_is_replaced_and_revoked(dewi_desk: Client):
    dewi_desk.post("/operator/kunci/baru/", NEW)
    first = AccessKey.objects.get()
    assert (
        "The old key stays good until"
        in dewi_desk.post(f"/operator/kunci/{first.prefix}/ganti/", {"overlap": "3"}).content.decode()
    )
    second = AccessKey.objects.get(rotated_at=None)
    again = dewi_desk.post(f"/operator/kunci/{second.prefix}/ganti/", {"overlap": "3"})
    assert (again.status_code, "Two keys" in again.content.decode()) == (400, True)
    assert dewi_desk.post(f"/operator/kunci/{first.prefix}/cabut/").status_code == 302
    assert dewi_desk.get(f"/operator/kunci/{first.prefix}/cabut/").status_code == 404


def test_old_proof_is_asked_for_again_before_a_key_is_made(dewi: User):
    client = Client()
    client.force_login(dewi)
    answer = client.post("/operator/kunci/baru/", NEW)
    assert answer.status_code == 302
    assert "/akun/reauthenticate/" in answer["Location"]
    assert not AccessKey.objects.exists()


def test_people_who_do_not_manage_find_no_such_pages(dewi: User):
    with past_triggers():
        OperatorMember.objects.filter(user=dewi).update(manages_keys=False)
    desk = at_desk(dewi)
    assert desk.get("/operator/").status_code == 200
    for address in ("kunci/", "kunci/baru/", "orang/", "orang/baru/", "webhook/", "webhook/baru/"):
        assert desk.get(f"/operator/{address}").status_code == 404


def test_without_a_second_factor_where_it_is_required_nothing_opens(dewi_desk: Client):
    with override_settings(STAFF_SECOND_FACTOR=True):
        for address in ("", "kunci/", "tenggat/"):
            assert dewi_desk.get(f"/operator/{address}")["Location"] == "/akun/2fa/"


def test_a_colleague_is_invited_and_deactivated(dewi_desk: Client):
    said = {"name": "Fitri", "email": "fitri@telkomsel.example", "staff_number": "88"}
    assert dewi_desk.post("/operator/orang/baru/", said).status_code == 302
    assert sent_messages()[0].to == ["fitri@telkomsel.example"]
    person = OperatorMember.objects.get(user__email="fitri@telkomsel.example")
    colleague = at_desk(person.user)
    assert colleague.get("/operator/").status_code == 200
    assert dewi_desk.post(f"/operator/orang/{person.pk}/nonaktif/").status_code == 302
    assert colleague.get("/operator/")["Location"].startswith("/akun/login/")
    again = dewi_desk.post("/operator/orang/baru/", said)
    assert (again.status_code, "has a log-in already" in again.content.decode()) == (400, True)


def test_others_people_and_keys_are_not_found(dewi_desk: Client, eko_desk: Client):
    dewi_desk.post("/operator/kunci/baru/", NEW)
    key, person = AccessKey.objects.get(), OperatorMember.objects.get(user__email="dewi@telkomsel.example")
    for method in (eko_desk.get, eko_desk.post):
        assert method(f"/operator/kunci/{key.prefix}/cabut/").status_code == 404
        assert method(f"/operator/kunci/{key.prefix}/ganti/").status_code == 404
        assert method(f"/operator/orang/{person.pk}/nonaktif/").status_code == 404


def test_a_webhook_is_registered_replayed_and_closed(dewi: User, dewi_desk: Client, eko_desk: Client):
    answer = dewi_desk.post(
        "/operator/webhook/baru/", {"url": "https://hooks.example/a", "events": ["list.published"]}
    )
    assert "whsec_" in answer.content.decode()
    endpoint = WebhookEndpoint.objects.get()
    webhooks.enqueue(endpoint.operator, "list.published", key="list:1", data={}, at=timezone.now())
    WebhookDelivery.objects.update(state="given_up", last_error="timeout")
    delivery = WebhookDelivery.objects.get()
    assert "no response in time" in dewi_desk.get("/operator/webhook/").content.decode()
    assert eko_desk.post(f"/operator/webhook/kiriman/{delivery.uid}/ulang/").status_code == 404
    assert dewi_desk.post(f"/operator/webhook/kiriman/{delivery.uid}/ulang/").status_code == 302
    delivery.refresh_from_db()
    assert delivery.state == "waiting"
    assert dewi_desk.post(f"/operator/webhook/{endpoint.uid}/tutup/").status_code == 302
    assert actor_for(dewi).operator.webhooks.filter(closed_at=None).count() == 0
    bad = dewi_desk.post(
        "/operator/webhook/baru/", {"url": "https://10.0.0.1/", "events": ["list.published"]}
    )
    assert (bad.status_code, "reachable from the internet" in bad.content.decode()) == (400, True)
