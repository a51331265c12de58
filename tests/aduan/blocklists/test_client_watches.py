"""`--watch`: the client asks for a small file, and runs when it has changed."""

from __future__ import annotations

import datetime as dt
import http.server
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from aduan.accounts.models import User
from aduan.blocklists.services import build_holds
from aduan.cases.services import end_hold
from aduan.operators.models import Operator
from tests.aduan.blocklists.served import CLIENT, META, Answers, client, everything, serving
from tests.factories import holds

pytestmark = pytest.mark.django_db
HINT = "tuf/versions/telkomsel.json"


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, settings) -> None:
    settings.KEYS_DIR, settings.PUBLISH_ROOT = tmp_path / "keys", tmp_path / "published"


class AsNginx:
    """Answers as the web server does: 304 for a tag that still holds. Counts what it was asked for."""

    def __init__(self, answers: Answers) -> None:
        self.answers, self.tag = answers, '"1"'
        self.asked: Counter[str] = Counter()

    def __call__(self, request: http.server.BaseHTTPRequestHandler) -> None:
        path = request.path.removeprefix("/")
        if path == HINT:
            same = request.headers.get("If-None-Match") == self.tag
            self.asked["same" if same else "changed"] += 1
            request.send_response(304 if same else 200)
            request.send_header("ETag", self.tag)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        self.asked[path] += 1
        body = self.answers.get(path)
        request.send_response(200 if body is not None else 404)
        request.send_header("Content-Length", str(len(body or b"")))
        request.end_headers()
        request.wfile.write(body or b"")


def until(true: Callable[[], bool], *, patience: float = 60) -> None:
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, "it did not come to be in time"
        time.sleep(0.05)


def test_a_watching_client_follows_each_change_and_leaves_the_repository_alone_between(
    telkomsel: Operator, budi: User, citra: User, tmp_path: Path
) -> None:
    today = dt.datetime.now(dt.UTC)
    holds.hold_rules()
    hold = holds.held(telkomsel, first=budi, second=citra, at=today)
    build_holds(at=today)
    web = AsNginx(everything(telkomsel))
    root, state = tmp_path / "root.json", tmp_path / "state"
    root.write_bytes(web.answers[META + "1.root.json"])
    in_force = state / "in-force" / "block.txt"
    with serving(web.answers) as server:
        server.instead = web
        command = [sys.executable, str(CLIENT), "--url", server.url, "--operator", "telkomsel"]
        command += ["--root", str(root), "--state", str(state), "--series", "hold", "--watch", "0.1"]
        process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        try:
            until(lambda: in_force.exists() and in_force.read_text() == f"{hold.digits}\n")
            runs = web.asked[META + "timestamp.json"]
            unchanged = web.asked["same"]
            until(lambda: web.asked["same"] >= unchanged + 5)
            assert web.asked[META + "timestamp.json"] == runs, "as long as the file says the same"
            end_hold(hold, by=budi, at=today, mistake=True)
            build_holds(at=today)
            web.answers = everything(telkomsel)
            web.tag = '"2"'
            until(lambda: in_force.read_text() == "")
            assert process.poll() is None
        finally:
            process.terminate()
            assert process.wait(30) == 0


def test_a_watching_client_outlives_a_state_that_cannot_be_written(tmp_path: Path, monkeypatch) -> None:
    """A full disk, one that is not mounted yet: said each time, and looked at again."""
    (tmp_path / "file").write_text("no folder")
    pauses = iter([None] * 3)
    monkeypatch.setattr(client.time, "sleep", lambda _seconds: next(pauses))
    options = ["--url", "http://127.0.0.1:9/", "--operator", "telkomsel", "--root", "root.json", "--watch"]
    with pytest.raises(StopIteration):
        client.watch(client.arguments([*options, "--state", str(tmp_path / "file" / "state")]))
