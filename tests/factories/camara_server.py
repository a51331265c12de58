"""An operator's CAMARA interface for tests, with the moods of a real one, on a free port of this machine."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "rahasia-uji"


class CamaraServer(ThreadingHTTPServer):
    """`changed`: digits that have a new holder. `mood`: 401, 422, 503, slow, lying, nonsense, or none."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.changed: set[int] = set()
        self.mood = ""
        self.tokens = 0
        self.token: dict[str, Any] = {}  # what is said instead of a token that is good
        self.asked: list[dict[str, str]] = []

    @property
    def options(self) -> dict[str, str]:
        base = f"http://127.0.0.1:{self.server_address[1]}"
        return {"url": f"{base}/v1", "token_url": f"{base}/token", "client_id": "aduan", "secret": SECRET}


class _Handler(BaseHTTPRequestHandler):
    server: CamaraServer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        status, answer = self._token() if self.path == "/token" else self._check(body)
        content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        with contextlib.suppress(ConnectionError):  # who asked did not wait
            self.wfile.write(content)

    def _token(self) -> tuple[int, Any]:
        self.server.tokens += 1
        return 200, self.server.token or {"access_token": f"token-{self.server.tokens}", "expires_in": 3600}

    def _check(self, body: str) -> tuple[int, Any]:
        server = self.server
        if self.headers["Authorization"] != f"Bearer token-{server.tokens}":
            return 401, {"code": "UNAUTHENTICATED"}
        asked = json.loads(body)
        server.asked.append(asked)
        if server.mood == "401" and server.tokens < 2:
            return 401, {"code": "UNAUTHENTICATED"}
        if server.mood in ("422", "503"):
            return int(server.mood), {"code": "NOT_SUPPORTED"}
        if server.mood == "slow":
            time.sleep(1)
        if server.mood == "nonsense":
            return 200, b'{"phoneNumChanged": "yes"}'
        changed = server.mood == "lying" or int(asked["phoneNumber"]) in server.changed
        return 200, {"phoneNumChanged": changed}

    def log_message(self, *_args: Any) -> None:
        """Says nothing."""


@contextmanager
def camara_server() -> Iterator[CamaraServer]:
    with CamaraServer() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
