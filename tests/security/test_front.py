"""What nginx lets through: no redirect to a stranger's host, no limit that a shared address would meet.

Seen to fail on 0.1.0: port 80 redirected to whatever `Host` a request named; `/` had no limit at all, and all
of `/lapor/` one of 60 requests a minute for an address that thousands may share.
"""

from __future__ import annotations

import http.client
import re
import socket
from pathlib import Path

import pytest

from tests.nginx import Front

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.django_db(transaction=True)
def test_port_80_leads_to_no_foreign_host_and_a_whole_neighbourhood_gets_through(front: Front) -> None:
    front.start()
    line = http.client.HTTPConnection("127.0.0.1", front.ports["http"], timeout=60)
    line.request("GET", "/lapor/", headers={"Host": "evil.example"})
    answer = line.getresponse()
    answer.read()
    assert (answer.status, answer.getheader("Location")) == (400, None)
    line.close()
    secure = http.client.HTTPSConnection("127.0.0.1", front.ports["https"], timeout=60, context=front.trust())
    statuses = set()
    for _turn in range(100):
        secure.request("GET", "/robots.txt")
        answer = secure.getresponse()
        answer.read()
        statuses.add(answer.status)
    secure.close()
    assert statuses == {200}


@pytest.mark.django_db(transaction=True)
def test_large_bodies_that_are_held_back_fill_no_disk_and_stop_no_one(front: Front) -> None:
    """On d0bffad4 one address could hold a thousand of them, 128 MB each, on the disk beside the database."""
    front.start()
    context = front.trust()
    lines = []

    def begun(length: int) -> int | None:
        """A body that never ends; the status where it was refused at once."""
        raw = socket.create_connection(("127.0.0.1", front.ports["https"]), timeout=60)
        line = context.wrap_socket(raw, server_hostname="127.0.0.1")
        lines.append(line)
        head = f"POST /lapor/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {length}\r\n"
        line.sendall(f"{head}Content-Type: text/plain\r\n\r\n{'x' * 1000}".encode())
        line.settimeout(0.05)
        try:
            return int(line.recv(100).split()[1])
        except TimeoutError:
            return None

    try:
        found = [begun(5_000_000) for _turn in range(40)]
        assert found.count(429) >= 40 - 24 - 4
        assert found.count(None) <= 24 + 4
        assert [begun(2_000) for _turn in range(5)] == [None] * 5  # small ones are not counted
        secure = http.client.HTTPSConnection("127.0.0.1", front.ports["https"], timeout=60, context=context)
        secure.request("GET", "/robots.txt")
        assert secure.getresponse().status == 200
        secure.close()
    finally:
        for line in lines:
            line.close()


def test_every_way_into_the_application_has_a_limit_that_counts_subscribers() -> None:
    text = (ROOT / "deploy/nginx/aduan.conf").read_text(encoding="utf-8")
    servers = [server for server in text.split("\nserver {")[1:] if "proxy_pass" in server]
    assert len(servers) == 2
    for server in servers:
        assert "\n  limit_req zone=requests " in server
        for place in server.split("\n  location ")[1:]:
            # A location with a limit of its own no longer inherits that of the server.
            assert "limit_req zone=" not in place or "limit_req zone=requests " in place
    zones = [line for line in text.splitlines() if line.startswith(("limit_req_zone", "limit_conn_zone"))]
    assert zones
    assert all(re.search(r" \$aduan_(large_of_)?subscriber ", line) for line in zones)
    assert "default $aduan_subscriber;" in text.partition("$aduan_large_of_subscriber {")[2].partition("}")[0]
