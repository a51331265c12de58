"""What Sentry and an OpenTelemetry collector receive: that something failed and where, never whose."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[3]
SECRET = "kT93xQf00AbZ71mmPq4L"
PRIVATE = (SECRET, "081234567890", "+6281234567890", "sari@contoh.example", "203.0.113.7", "Nokia9000")
VISIT = f"""
import django
django.setup()
from django.conf import settings
settings.ROOT_URLCONF = "tests.portal.telemetry.failing_urls"
from django.test import Client
client = Client(raise_request_exception=False, REMOTE_ADDR="203.0.113.7", HTTP_USER_AGENT="Nokia9000")
answer = client.post("/gagal/{SECRET}/?nomor=081234567890", {{"narrative": "sari@contoh.example"}},
                     HTTP_X_REQUEST_ID="a-request-of-the-test", HTTP_COOKIE="theme={SECRET}")
assert answer.status_code == 500, answer.status_code
import sentry_sdk
from opentelemetry import trace
sentry_sdk.flush(20)
getattr(trace.get_tracer_provider(), "force_flush", lambda: None)()
"""


class Collector:
    """Takes what is sent to it by HTTP, unpacked."""

    def __init__(self) -> None:
        self.received: list[tuple[str, bytes]] = []
        collector = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                collector.received.append((self.path, body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"

    def bodies(self, path: str) -> bytes:
        return b"\n".join(body for where, body in self.received if path in where)


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.server.shutdown()
    made.server.server_close()


def visit(**environment: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", VISIT],
        cwd=PROJECT, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_an_error_is_reported_with_its_request_id_and_nothing_of_a_person(collector: Collector) -> None:
    visit(ADUAN_SENTRY_DSN=f"http://key@{collector.place}/1")
    report = collector.bodies("/envelope")
    assert b"ValueError" in report
    assert b"a-request-of-the-test" in report
    assert b"failing_urls.py" in report
    assert [text for text in PRIVATE if text.encode() in report] == []


def test_a_span_names_the_route_and_nothing_of_a_person(collector: Collector) -> None:
    visit(ADUAN_OTLP_ENDPOINT=f"http://{collector.place}")
    spans = collector.bodies("/v1/traces")
    assert b"POST failing" in spans
    assert b"a-request-of-the-test" in spans
    assert [text for text in PRIVATE if text.encode() in spans] == []


def test_nothing_is_sent_unless_a_setting_names_where(collector: Collector) -> None:
    visit()
    assert collector.received == []
