"""gunicorn's settings, the same for `make up` and the containers; --bind comes from the command line."""

import contextlib
import ctypes
import gc
import io
import json
import os
from pathlib import Path
from typing import Any

from gunicorn import glogging, util
from gunicorn.http.unreader import SocketUnreader

# A page that waits longer for PostgreSQL is a 503 within three seconds, and its thread serves the next one.
for _name, _limit in {
    "CONNECT_TIMEOUT_S": "2",
    "LOCK_TIMEOUT_MS": "2000",
    "STATEMENT_TIMEOUT_MS": "2500",
}.items():
    os.environ.setdefault(f"ADUAN_DB_{_name}", _limit)

worker_class = "gthread"
workers = int(os.environ.get("ADUAN_WEB_WORKERS", "2"))
threads = 12  # more than browsers that send photos at once: those wait for each other, pages do not
timeout = 60
graceful_timeout = 20
max_requests = 2000
max_requests_jitter = 200
limit_request_line = 8190  # as long as nginx lets through, so that nginx is the one that refuses
limit_request_fields = 100
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # gunicorn's heartbeat file
accesslog = None  # django-structlog writes one line a request, without personal data
preload_app = True


class _Logger(glogging.Logger):  # type: ignore[misc]  # of an untyped package
    """gunicorn's own lines as all others are written: its format wants fields that no record has here."""

    def setup(self, cfg: Any) -> None:
        from portal.common.logs import formatter

        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter())


logger_class = _Logger

M_MMAP_THRESHOLD = -3  # of glibc's malloc.h


def on_starting(server: Any) -> None:
    """Refuse to serve on a database that can lose a complaint it has confirmed."""
    from django.core.management import call_command
    from django.db import connections

    said = io.StringIO()
    call_command("check", databases=["default"], stdout=said)  # raises for what is wrong
    if "no issues" not in said.getvalue():
        server.log.warning("%s", said.getvalue())
    connections.close_all()  # the workers open their own
    # A photo's memory goes back to the system at once: by itself glibc keeps 32 MB a thread for the next.
    with contextlib.suppress(AttributeError):  # another C library
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, 131_072)
    # What was loaded stays: the collection of garbage need not walk through it, and need not come so often.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _write_problem(sock: Any, status: int, reason: str, _message: str) -> None:
    """What gunicorn refuses before the application sees it, as problem+json instead of its own page."""
    code = "bad_request" if status < 500 else "server_error"
    problem = {"type": "about:blank", "title": reason, "status": status, "code": code}
    problem["detail"] = "Permintaan tidak dapat diproses. / This request cannot be processed."
    body = json.dumps(problem)
    head = f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
    util.write_nonblock(sock, f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode("latin-1"))


util.write_error = _write_problem
# As much of a body at once as Django takes: by itself gunicorn reads a megabyte ahead and copies what is left
# of it anew for every 64 KB that are taken, which was half of what a photo cost.
SocketUnreader.max_body_chunk = 65_536
