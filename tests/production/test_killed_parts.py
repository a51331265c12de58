"""Each process of the layout is killed in turn; what a visitor sees, and that nothing confirmed is lost."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import time

import pytest
import requests

from tests.journeys.browser_client import BrowserClient
from tests.production import people
from tests.production.layout import HOST, Layout, until
from tests.production.test_journey import complain
from tests.production.test_watched_and_saved import scraped, value

pytestmark = [pytest.mark.production, pytest.mark.faults]


def stored(layout: Layout) -> int:
    said = people.console(
        layout, "from aduan.complaints.models import Complaint; print(Complaint.objects.count())"
    )
    return int(said.splitlines()[-1])


@pytest.mark.parametrize("victim", ["worker", "beat", "redis", "web", "nginx", "postgres"])
def test_a_killed_part_comes_back_and_no_confirmed_complaint_is_lost(
    behind_nginx: Layout, victim: str
) -> None:
    layout = behind_nginx
    visitor = people.citizen(layout)
    before = stored(layout)
    tracking = complain(visitor, "0812-7000-4322", with_picture=False)
    starts = layout.running[victim].starts
    layout.kill(victim)
    confirmed = 1 + _complains_meanwhile(layout)
    until(lambda: layout.running[victim].starts > starts, f"{victim} to be started again", layout)
    for name in ("web", "nginx"):
        layout.wait_until_healthy(name)
    until(lambda: _sees(visitor, tracking), "the tracking page to be there again", layout)
    assert stored(layout) >= before + confirmed
    complain(people.citizen(layout), "0812-7000-4323", with_picture=False)


def _complains_meanwhile(layout: Layout) -> int:
    """How many of two complaints were confirmed while a part was away."""
    confirmed = 0
    for number in ("0812-7000-4324", "0812-7000-4325"):
        try:
            complain(people.citizen(layout), number, with_picture=False)
        except (AssertionError, requests.RequestException):
            continue  # a page that says so, or no answer: nothing was confirmed
        confirmed += 1
    return confirmed


def _sees(visitor: BrowserClient, tracking: str) -> bool:
    try:
        visitor.open(tracking)
    except (AssertionError, requests.RequestException):
        return False
    return True


def test_nginx_finds_web_at_its_new_address(behind_nginx: Layout) -> None:
    """The name was looked up once, so a new container was never found: 502 until nginx was started again."""
    layout = behind_nginx
    session = layout.session()
    assert session.get(f"{people.SITE}/healthz", timeout=30).status_code == 200
    layout.names.addresses = ["127.0.0.9"]
    try:
        until(
            lambda: session.get(f"{people.SITE}/healthz", timeout=30).status_code == 502,
            "nginx to ask where web is now",
            layout,
        )
    finally:
        layout.names.addresses = ["127.0.0.1"]
    until(
        lambda: session.get(f"{people.SITE}/healthz", timeout=30).status_code == 200,
        "nginx to find web again",
        layout,
    )


def test_one_request_has_one_id_in_nginx_and_in_the_answer(behind_nginx: Layout) -> None:
    """nginx logged none unless the client had sent one."""
    answer = behind_nginx.session().get(f"{people.SITE}/lapor/", timeout=30)
    log = behind_nginx.folder / "nginx/access.log"
    wanted = answer.headers["X-Request-ID"]

    def ids() -> list[str]:
        return [line.split()[-1] for line in log.read_text(encoding="utf-8").splitlines()]

    until(lambda: wanted in ids(), "nginx to write its line, after the answer has gone out", behind_nginx)
    assert ids().count(wanted) == 1


@pytest.mark.skipif(os.geteuid() != 0, reason="closing connections takes CAP_NET_ADMIN: run it as root")
def test_a_body_that_comes_byte_by_byte_is_cut(behind_nginx: Layout) -> None:
    """LD3 with the shipped part, its window shortened; more of them in tests/faults/test_slow_clients.py."""
    port = behind_nginx.ports["https"]
    shortened = [str(port), "--window", "3", "--tick", "0.25"]
    part = subprocess.Popen(
        [str(behind_nginx.image.app / "deploy/entrypoint.sh"), "slow-clients", *shortened],
        cwd=behind_nginx.image.app, env={"PATH": f"{behind_nginx.image.venv}/bin:/usr/bin:/bin"},
    )  # fmt: skip
    trust = ssl.create_default_context(cafile=behind_nginx.folder / "tls/fullchain.pem")
    try:
        with (
            socket.create_connection(("127.0.0.1", port), timeout=60) as raw,
            trust.wrap_socket(raw, server_hostname=HOST) as line,
        ):
            line.sendall(f"POST /lapor/ HTTP/1.1\r\nHost: {HOST}\r\nContent-Length: 100000\r\n\r\n".encode())
            with pytest.raises(OSError):  # noqa: PT012  # which byte is refused depends on the clock
                for _half_second in range(120):
                    line.sendall(b"x")
                    time.sleep(0.5)
        assert part.poll() is None
    finally:
        part.terminate()
        part.wait(10)


def test_what_is_for_the_machine_is_not_open_through_nginx(behind_nginx: Layout) -> None:
    session = behind_nginx.session()
    for path in ("/readyz", "/metrics"):
        assert session.get(people.SITE + path, timeout=30).status_code == 404


def test_the_configuration_passes_djangos_deployment_check(layout: Layout) -> None:
    said = layout.run_once(
        "python", "manage.py", "check", "--deploy", "--database", "default", "--fail-level", "WARNING"
    )
    assert "no issues" in said


@pytest.mark.parametrize("victim", ["worker", "redis"])
def test_evidence_that_came_during_an_outage_is_examined_after_it(behind_nginx: Layout, victim: str) -> None:
    """Each verdict waited for a reading that gives way to everything: the queue grew after the outage."""
    layout = behind_nginx
    layout.running[victim].wanted = False
    layout.kill(victim)
    for number in ("0812-7000-4326", "0812-7000-4327"):
        complain(people.citizen(layout), number)
    layout.running[victim].wanted = True
    until(lambda: _examined(layout), "the worker to examine what waited", layout)
    length = 'aduan_queue_length{queue="evidence"}'
    until(lambda: (value(scraped(layout), length) or 0) <= 1, "its queue to be empty again", layout)


def _examined(layout: Layout) -> bool:
    """No file is in quarantine. One whose worker was killed over it would come later: none was."""
    return value(scraped(layout), "aduan_evidence_quarantined") == 0
