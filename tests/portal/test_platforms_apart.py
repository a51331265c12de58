"""Platforms against one another: every object of platform A, asked for with the key and the session of B.

Operators are in test_tenant_isolation.py and in the access matrix; a platform has referrals, answers, reports
of banned numbers, people, keys and webhooks of its own.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.operators import actors, webhooks
from aduan.operators.models import AccessKey, Operator, OperatorMember, WebhookEndpoint
from aduan.referrals.models import AgencyReport, Referral, ReferralAnswer
from tests.factories import referrals as make
from tests.factories.operators import person_of
from tests.portal.api.conftest import key_of, machine
from tests.portal.test_access_matrix import (
    MACHINE_METHODS,
    PAGE_METHODS,
    SAMPLES,
    concrete,
    logged_in,
)

pytestmark = pytest.mark.django_db
HOOK = "https://hook.whatsapp.example/aduan"


@dataclass
class Theirs:
    """What is platform A's: samples for addresses, texts that no other may read, rows that stay."""

    uids: list[str]
    pks: list[str]
    prefix: str
    secrets: list[str]

    def rows(self) -> list[object]:
        models: list[type[Model]] = [Referral, ReferralAnswer, AgencyReport, WebhookEndpoint]
        rows: list[object] = [list(model._default_manager.order_by("pk").values()) for model in models]
        rows.append(list(AccessKey.objects.filter(prefix=self.prefix).values()))
        people = OperatorMember.objects.order_by("pk").values("user_id", "operator_id", "user__is_active")
        return [*rows, list(people)]


@pytest.fixture
def outsider(telkomsel: Operator) -> User:
    return person_of(
        make.platform("telegram", "Telegram", email="abuse@telegram.example"), "oka@telegram.example", "Oka"
    )


@pytest.fixture
def theirs(telkomsel: Operator, budi: User, citra: User) -> Theirs:
    whatsapp = make.platform()
    rudi = person_of(whatsapp, "rudi@whatsapp.example", "Rudi Hartono")
    asked = make.referred("0812-3456-7890", at=timezone.now() - dt.timedelta(days=2), by=budi, second=citra)
    desk = logged_in(rudi)
    sent = {"answer": "limited", "note": "catatan rahasia WhatsApp"}
    assert desk.post(f"/operator/rujukan/{asked.uid}/", sent).status_code == 302
    file = SimpleUploadedFile("isi.csv", b"number,category\n0812-3456-7801,HADIAH\n", "text/csv")
    assert desk.post("/operator/nomor-diblokir/", {"file": file}, follow=True).status_code == 200
    text = key_of(rudi)
    actor = actors.actor_for(rudi)
    hook, _secret = webhooks.register(
        whatsapp, by=actor, url=HOOK, events=["list.published"], at=timezone.now()
    )
    assert ReferralAnswer.objects.count() == AgencyReport.objects.count() == 1
    prefix = text.split("_")[1]
    return Theirs(
        [str(asked.uid), str(hook.uid)],
        [str(one.pk) for one in OperatorMember.objects.all()],
        prefix,
        [
            *("6281234567890", "0812-3456-7890", "6281234567801", "0812-3456-7801", sent["note"]),
            *("rudi@whatsapp.example", "Rudi Hartono", HOOK, prefix, str(asked.uid), str(hook.uid)),
        ],
    )


def _sent(client: Client, path: str) -> Any:
    """An answer to a referral, as the page or the API takes one."""
    if path.startswith("/api/"):
        return client.post(path, {"answer": "suspended"}, content_type="application/json")
    return client.post(path, {"answer": "suspended", "note": "x"})


def test_nothing_of_a_platform_is_read_or_changed_by_another(theirs: Theirs, outsider: User) -> None:
    key = key_of(outsider)
    clients: list[tuple[Client, dict[str, str]]] = [
        (machine(key), MACHINE_METHODS),
        (logged_in(outsider), {one: names for one, names in PAGE_METHODS.items() if "kunci/baru" not in one}),
    ]
    before, asked = theirs.rows(), 0
    for client, methods_of in clients:
        client.raise_request_exception = False
        for address, names in methods_of.items():
            samples = [SAMPLES | {"prefix": theirs.prefix, "uid": uid} for uid in theirs.uids]
            samples = (
                [one | {"pk": pk} for one in samples for pk in theirs.pks] if "pk" in address else samples
            )
            for sample in samples if "<" in address else samples[:1]:
                path = concrete(address, sample)
                for method in {*names.split(), "get", "post"}:
                    answer = client.get(path) if method == "get" else _sent(client, path)
                    body = b"".join(answer) if answer.streaming else answer.content
                    said = (body + repr(sorted(answer.headers.items())).encode()).decode("utf-8", "replace")
                    assert answer.status_code < 500, (method, path)
                    found = [one for one in theirs.secrets if one in said.replace(path, "")]
                    assert not found, (method, path, found)
                    if "<uuid" in address or "prefix" in address:
                        assert answer.status_code in (400, 404, 405), (method, path, answer.status_code)
                    asked += 1
    own = AccessKey.objects.filter(operator__code="telegram")
    assert own.count() == 1
    assert theirs.rows() == before
    assert asked > 100


def test_a_file_of_answers_that_names_anothers_referral_changes_nothing(
    theirs: Theirs, outsider: User
) -> None:
    desk, uid = logged_in(outsider), theirs.uids[0]
    file = SimpleUploadedFile("isi.csv", f"referral,answer,note\n{uid},suspended,\n".encode(), "text/csv")
    page = desk.post("/operator/rujukan/unggah/", {"file": file}, follow=True)
    assert page.status_code == 400
    one = machine(key_of(outsider)).post(
        f"/api/v1/referrals/{uid}/answer", {"answer": "suspended"}, content_type="application/json"
    )
    assert one.status_code == 404
    assert list(ReferralAnswer.objects.values_list("answer", flat=True)) == ["limited"]


@pytest.mark.parametrize("who", ["another platform", "an operator"])
def test_no_word_in_a_request_makes_another_key_speak_for_the_platform(
    theirs: Theirs, outsider: User, telkomsel: Operator, who: str
) -> None:
    """Bodies, parameters and headers that name platform A, beside the key of someone else."""
    whatsapp = Operator.objects.get(code="whatsapp")
    given = {"operator": "whatsapp", "operator_id": whatsapp.pk, "platform": "whatsapp", "as": "whatsapp"}
    headers = {f"x-{name.replace('_', '-')}": str(value) for name, value in given.items()}
    asking = (
        outsider if who == "another platform" else person_of(telkomsel, "dewi2@telkomsel.example", "Dewi")
    )
    client, query = machine(key_of(asking)), urlencode(given)
    client.raise_request_exception = False
    before = theirs.rows()[:3]
    for uid in theirs.uids:
        for body in ({"answer": "suspended"}, {"answer": "suspended", "referral": theirs.uids[0]}):
            address = f"/api/v1/referrals/{uid}/answer?{query}"
            answer = client.post(address, given | body, content_type="application/json", headers=headers)
            assert answer.status_code in (400, 404), answer.content
    for address in ("referrals", f"referrals/{theirs.uids[0]}", f"referrals?uid={theirs.uids[0]}"):
        joined = "&" if "?" in address else "?"
        answer = client.get(f"/api/v1/{address}{joined}{query}", headers=headers)
        assert answer.status_code in (200, 400, 404), answer.content
        assert not [
            one for one in theirs.secrets if one.encode() in answer.content.replace(address.encode(), b"")
        ]
    assert theirs.rows()[:3] == before
