"""`manage.py watchdog`: another machine sees by HTTP alone what is wrong; silent while all is well."""

from __future__ import annotations

import http.server
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.management.watchdog import PAGES, Limits, faults, is_address
from tests.nginx import certificate

PROJECT = Path(__file__).resolve().parents[3]
FIGURES = 'aduan_database_up 1.0\naduan_incident_open{condition="beat_silent"} 0.0\n'


class Site(http.server.ThreadingHTTPServer):
    """Answers every page; `answers` says otherwise by path."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.answers: dict[str, tuple[int, str]] = {"/metrics": (200, FIGURES)}
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def place(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Answer(http.server.BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        status, text = self.server.answers.get(self.path, (200, "<title>Aduan Nomor</title>"))
        self.send_response(status)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_words: object) -> None:
        return


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.shutdown()
    made.server_close()


def test_what_is_no_address_is_said_so() -> None:
    right = ("https://aduan.example.go.id", "http://10.0.0.7:9108/metrics", "http://[::1]:8000/")
    wrong = ("aduan.example.go.id", "127.0.0.1:9108/metrics", "https://", "http://host:99999", "ftp://host")
    assert [*map(is_address, right)] == [True] * 3
    assert [*map(is_address, wrong)] == [False] * 5


def found(site: Site, **more: object) -> list[str]:
    limits = Limits(seconds=60)
    return list(faults(site.place, limits=limits, metrics=f"{site.place}/metrics", **more))  # type: ignore[arg-type]


def test_nothing_is_said_while_all_is_well(site: Site) -> None:
    assert found(site) == []


@pytest.mark.parametrize("status", [301, 404, 502, 503])
def test_a_page_that_is_not_there_is_a_fault(site: Site, status: int) -> None:
    site.answers["/lapor/"] = (status, "Aduan Nomor")
    assert found(site) == [f"{site.place}/lapor/: status {status}"]


def test_another_page_in_its_place_is_a_fault(site: Site) -> None:
    site.answers["/"] = (200, "Welcome to nginx!")
    assert found(site) == [f"{site.place}/: it is a page, but not the portal's"]


def test_incidents_and_a_lost_database_are_read_from_the_monitor(site: Site) -> None:
    site.answers["/metrics"] = (200, FIGURES.replace("0.0", "1.0"))
    assert found(site) == [f"{site.place}/metrics: an incident is open: beat_silent"]
    site.answers["/metrics"] = (200, "aduan_database_up 0.0\n")
    assert found(site) == [f"{site.place}/metrics: the database is away"]
    site.answers["/metrics"] = (200, "up 1\n")
    assert "not the monitor's figures" in found(site)[0]


def test_a_portal_that_is_away_and_a_certificate_that_ends(tmp_path: Path, site: Site) -> None:
    certificate(tmp_path, "localhost")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "fullchain.pem", tmp_path / "privkey.pem")
    site.socket = context.wrap_socket(site.socket, server_side=True)
    place, trusted = f"https://localhost:{site.server_port}", str(tmp_path / "fullchain.pem")
    assert list(faults(place, limits=Limits(60, 0.1), trusted=trusted)) == []
    [ends] = faults(place, limits=Limits(60, 36_500), trusted=trusted)
    assert "certificate ends in" in ends
    assert len(list(faults(place, limits=Limits(60, 0.1)))) == len(PAGES) + 1  # it is signed by itself


def test_it_runs_without_settings_and_servers_and_ends_with_1(site: Site) -> None:
    """As cron on another machine runs it: nothing but PATH in its environment."""
    command = [sys.executable, "manage.py", "watchdog", site.place, "--seconds", "60"]
    clean = {"PATH": os.environ["PATH"]}

    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=PROJECT, env=clean, capture_output=True, text=True, check=False, timeout=120
        )

    quiet = run()
    assert (quiet.returncode, quiet.stdout) == (0, ""), quiet.stderr
    site.answers["/"] = (503, "")
    loud = run()
    assert loud.returncode == 1
    assert f"{site.place}/: status 503" in loud.stdout
