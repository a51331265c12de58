"""gunicorn's settings, the same for `make up` and the containers; --bind comes from the command line."""

import os
from pathlib import Path
from typing import Any

os.environ.setdefault(
    "ADUAN_DB_STATEMENT_TIMEOUT_MS", "5000"
)  # a page that takes longer is an error, not a wait

worker_class = "gthread"
workers = int(os.environ.get("ADUAN_WEB_WORKERS", "2"))
threads = 4
timeout = 60
graceful_timeout = 20
max_requests = 2000
max_requests_jitter = 200
limit_request_line = 4094
limit_request_fields = 60
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108  # gunicorn's heartbeat file
accesslog = None  # django-structlog writes one line a request, without personal data
preload_app = True


def on_starting(_server: Any) -> None:
    """Refuse to serve on a database that can lose a complaint it has confirmed."""
    from django.core.management import call_command
    from django.db import connections

    call_command("check", databases=["default"], verbosity=0)
    connections.close_all()  # the workers open their own
