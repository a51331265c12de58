"""Clients that wait for lists are answered by nginx alone, and miss no change within the same second."""

from __future__ import annotations

import datetime as dt
import http.client
from concurrent.futures import ThreadPoolExecutor

import pytest

from aduan.blocklists.services import build_holds, write_versions
from aduan.operators.models import Operator
from tests.factories import holds
from tests.nginx import Front

pytestmark = pytest.mark.django_db(transaction=True)
ADDRESS = "/api/v1/tuf/versions/telkomsel.json"


def ask(front: Front, tag: str = "") -> tuple[int, str]:
    """Status and tag of the answer."""
    connection = http.client.HTTPSConnection(
        "127.0.0.1", front.ports["https"], timeout=20, context=front.trust()
    )
    try:
        connection.request("GET", ADDRESS, headers={"If-None-Match": tag} if tag else {})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.headers.get("ETag", "")
    finally:
        connection.close()


def test_two_hundred_waiting_clients_are_answered_by_304_and_see_each_change(
    telkomsel: Operator, indosat: Operator, front: Front
) -> None:
    now = dt.datetime.now(dt.UTC)
    holds.hold_rules()
    build_holds(at=now)
    assert write_versions(at=now) == ["indosat", "telkomsel"]
    front.start()
    status, tag = ask(front)
    assert (status, bool(tag)) == (200, True)
    front.running[0].terminate()
    front.running[0].wait(30)  # the application is away
    with ThreadPoolExecutor(20) as clients:
        assert set(clients.map(lambda _turn: ask(front, tag), range(200))) == {(304, tag)}
    before = (front.lists / "versions" / "telkomsel.json").read_text()
    (front.lists / "versions" / "telkomsel.json").write_text(before.replace("versions", "Versions"))
    write_versions(at=now)
    status, newer = ask(front, tag)
    assert (status, newer != tag) == (200, True), "in the same second, of the same length"
