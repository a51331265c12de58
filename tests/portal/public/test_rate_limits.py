"""Abuse is slowed; people behind one shared address are not locked out."""

import uuid
from unittest.mock import patch

import altcha
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from aduan.complaints.models import Complaint
from portal.common import shared_cache
from portal.public import proof_of_work, rate_limits
from tests.portal.public.forms import STORY, receipt_of, send


def solved(client: Client) -> str:
    challenge = altcha.Challenge.from_dict(client.get("/lapor/tantangan/").json())
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()


def test_work_that_was_done_counts_once(client: Client) -> None:
    payload = solved(client)
    assert proof_of_work.is_proven(payload)
    assert not proof_of_work.is_proven(payload)


@pytest.mark.parametrize(
    "payload", ["", "x", "e30=", "bnVsbA==", "W10=", "A" * 5000, "\x00", "eyJjaGFsbGVuZ2UiOiAxfQ=="]
)
def test_nonsense_is_no_proof(payload: str) -> None:
    assert not proof_of_work.is_proven(payload)


def test_without_scripts_the_limit_is_lower_and_polite_and_keeps_everything(client: Client) -> None:
    small = rate_limits.Limit("send-bare", 2, 3600)
    with patch.object(rate_limits, "SEND_WITHOUT_PROOF", small):
        for turn in range(2):
            receipt_of(send(client, narrative=f"{STORY} {turn}"))
        answer = send(client, narrative="yang ketiga")
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0
        assert "yang ketiga" in answer.content.decode()
        receipt_of(send(client, narrative="yang ketiga", altcha=solved(client)))
    assert Complaint.objects.count() == 3


def test_one_contact_cannot_be_used_for_hundreds(client: Client) -> None:
    small, address = rate_limits.Limit("send-contact", 1, 3600), f"{uuid.uuid4().hex}@example.id"
    with patch.object(rate_limits, "SEND_CONTACT", small):
        receipt_of(send(client, contact_email=address))
        answer = send(client, contact_email=address, narrative="lagi")
    assert answer.status_code == 429


def test_a_complaint_gets_through_when_the_cache_is_gone(client: Client) -> None:
    with (
        patch.object(cache, "count", side_effect=ConnectionError),
        patch.object(cache, "add", side_effect=ConnectionError),
    ):
        receipt_of(send(client))


def test_all_limits_of_a_complaint_are_asked_in_one_round_trip(client: Client) -> None:
    answer = client.get("/lapor/")
    assert answer.cookies["device"].value
    with patch.object(shared_cache._Client, "execute_command", autospec=True) as asked:
        asked.return_value = [1, 1, 1, 1]
        receipt_of(send(client, contact_email="satu@example.id", contact_phone="081270004321"))
    assert [call.args[1] for call in asked.call_args_list] == ["EVAL"]


def test_a_count_ends_with_its_window() -> None:
    shared = shared_cache.SharedCache(settings.CACHES["default"]["LOCATION"], {})
    key = uuid.uuid4().hex
    assert [shared.count([(key, 2, 60), (f"{key}b", 5, 60)]) for _turn in range(2)] == [[2, 5], [4, 10]]
    assert 0 < shared._cache.get_client().ttl(shared.make_key(key)) <= 60


def test_the_number_check_has_a_polite_end(client: Client) -> None:
    with patch.object(rate_limits, "CHECK", rate_limits.Limit("check", 3, 600)):
        codes = [client.post("/cek/", {"number": "0812-3456-7890"}).status_code for _turn in range(4)]
    assert codes == [200, 200, 200, 429]
