"""What stands in the log, and what never does."""

import json
import logging
import os
import signal
import subprocess
import sys
import time

import pytest
import structlog
from django.test import Client

from portal.common.logs import MAX_TEXT, formatter, masked, write_line
from portal.tasks.tasks import clear_sessions
from tests.worker import Worker

SECRET = "kT93-xQ_f00AbZ71mmPq4L"
SECRET_LINKS = [
    f"/lacak/ADU-2611-0001/{SECRET}/",
    f"/lacak/ADU-2611-0001/{SECRET}/tanda-terima/",
    f"/keberatan/0d2f7c7e-5a0b-4d0f-9a55-1c7a4ad4a0aa/{SECRET}/",
    f"/surel/berhenti/complaint:12.{SECRET}/",
    f"/akun/password/reset/key/3-{SECRET}/",
    f"/no/such/page/{SECRET}/",
]


def _lines(caplog: pytest.LogCaptureFixture) -> list[dict]:
    return [json.loads(formatter().format(record)) for record in caplog.records]


def test_masking_takes_time_in_proportion_to_the_text():
    """Before, 4 kB of underscores took 0.79 s and the time grew with the square: 1 MB would take hours."""
    started = time.process_time()
    for filler in ("_", "a.", "a@", "0812", "/_"):
        masked(filler * (1_000_000 // len(filler)))
    assert time.process_time() - started < 20


def test_a_long_text_is_cut_before_it_is_written(caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO):
        logging.getLogger("a.library").info("%s", "x" * 1_000_000)
    [line] = _lines(caplog)
    assert len(line["event"]) < MAX_TEXT + 50
    assert "1000000 characters" in line["event"]


def test_numbers_and_addresses_are_masked_inside_mappings_and_lists(caplog: pytest.LogCaptureFixture):
    """Failed before: only values that were text themselves were masked."""
    with caplog.at_level(logging.INFO):
        structlog.get_logger("aduan.x").info(
            "event", detail={"to": ["siti@example.com", "+6281234567890"], "password": "p"}
        )
    [line] = _lines(caplog)
    assert line["detail"] == {"to": ["***@***", "+62812****890"], "password": "***"}


@pytest.mark.django_db
@pytest.mark.parametrize("address", SECRET_LINKS)
def test_no_line_about_a_secret_link_holds_the_secret(
    client: Client, caplog: pytest.LogCaptureFixture, address: str
):
    """Failed before: django-structlog's two lines and Django's own `Not Found: …` held the whole path."""
    with caplog.at_level(logging.DEBUG):
        client.get(f"{address}?q={SECRET}")
    lines = _lines(caplog)
    assert [line for line in lines if line["event"] == "request_finished"]
    assert not [line for line in lines if SECRET in json.dumps(line)]


@pytest.mark.django_db
def test_a_request_is_named_by_its_route(client: Client, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.INFO):
        client.get(SECRET_LINKS[0])
    assert {line["request"] for line in _lines(caplog) if "request" in line} == {"GET public:progress_link"}


@pytest.mark.django_db
def test_every_line_of_a_request_carries_its_id_and_how_long_it_has_taken(
    client: Client, caplog: pytest.LogCaptureFixture
):
    with caplog.at_level(logging.INFO):
        client.get("/bantuan/", headers={"X-Request-ID": "0123abcd-4567"})
    lines = _lines(caplog)
    assert {line["event"] for line in lines} == {"request_started", "request_finished"}
    assert {line["request_id"] for line in lines} == {"0123abcd-4567"}
    assert all(isinstance(line["duration_ms"], float) for line in lines)


def test_the_web_server_learns_the_route_behind_a_proxy_only(client: Client, settings):
    assert "X-Route" not in client.get("/healthz")
    settings.BEHIND_PROXY = True
    assert client.get(f"/no/such/{SECRET}")["X-Route"] == "no-route"


@pytest.mark.django_db(transaction=True)
def test_the_lines_of_a_task_carry_the_id_of_the_request_that_asked_for_it(celery_worker: Worker):
    """Failed before: the worker wrote no line about a task."""
    with structlog.contextvars.bound_contextvars(request_id="from-nginx-0001"):
        clear_sessions.delay()

    def written() -> list[dict]:
        texts = celery_worker.log.read_text(encoding="utf-8", errors="replace").splitlines()
        lines = [json.loads(text) for text in texts if text.startswith("{")]
        return [line for line in lines if line.get("request_id") == "from-nginx-0001"]

    celery_worker.until(lambda: "task_succeeded" in {line["event"] for line in written()}, "it is written")
    assert {line["task"] for line in written() if line["event"].startswith("task_s")} == {"clear_sessions"}
    assert all(line["duration_ms"] >= 0 for line in written() if line["event"] == "task_succeeded")


@pytest.mark.faults
def test_a_killed_process_loses_no_line_that_it_has_logged():
    program = (
        "import os, signal, django; django.setup(); import structlog; log = structlog.get_logger('aduan.x')\n"
        "for turn in range(500): log.info('line', turn=turn)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, env=environment, timeout=120, check=False
    )
    assert done.returncode == -signal.SIGKILL
    turns = [json.loads(text)["turn"] for text in done.stderr.splitlines() if text.startswith(b"{")]
    assert turns == list(range(500))


@pytest.mark.parametrize("level", [logging.INFO, logging.WARNING, logging.ERROR])
def test_a_line_of_a_request_is_written_as_structlog_writes_it(caplog: pytest.LogCaptureFixture, level: int):
    values = {
        "request": f"GET /lacak/ADU-2611-0001/{SECRET}/",
        "user_agent": "Peramban siti@example.com é",
        "code": 302,
        "note": None,
    }
    with (
        structlog.contextvars.bound_contextvars(
            request_id="0123abcd", user_id=7, started_ns=time.monotonic_ns()
        ),
        caplog.at_level(logging.INFO),
    ):
        write_line(logging.getLogger("aduan.x"), level, "happened to +6281234567890", **values)
        structlog.get_logger("aduan.x").log(level, "happened to +6281234567890", **values)
    ours, theirs = ({name: line[name] for name in line} for line in _lines(caplog))
    for line in (ours, theirs):
        assert line.pop("timestamp")[-1:] == "Z"
        assert line.pop("duration_ms") >= 0
    assert list(ours) == list(theirs)
    assert ours == theirs
    assert SECRET not in json.dumps(ours)
    assert "+6281234567890" not in json.dumps(ours)


def test_a_line_below_the_level_is_not_written(caplog: pytest.LogCaptureFixture):
    logger = logging.getLogger("aduan.x")
    with caplog.at_level(logging.WARNING, logger="aduan.x"):
        write_line(logger, logging.INFO, "quiet")
    assert caplog.records == []
