"""Gives a test run its own PostgreSQL and Valkey, before Django reads its settings.

Loaded by `-p` in pyproject.toml. xdist's workers inherit the controller's environment and so share
one pair of servers. DATABASE_URL and REDIS_URL, when set, are used instead.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from portal.embedded import catalogues, postgres, valkey
from portal.embedded.home import server_account


def _ready() -> None:
    os.environ["ADUAN_MODE"] = "test"
    # Playwright's synchronous interface runs an event loop in the thread of the test.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    if "PYTEST_XDIST_WORKER" in os.environ or os.environ.get("ADUAN_TEST_HOME"):
        return
    catalogues.compile_stale()
    home = Path(tempfile.mkdtemp(prefix="aduan-test-"))
    server_account().own(home)
    os.environ["ADUAN_TEST_HOME"] = os.environ["ADUAN_HOME"] = str(home)
    owner = os.getpid()

    def clean() -> None:
        if os.getpid() == owner:
            for started in servers:
                started.destroy()
            shutil.rmtree(home, ignore_errors=True)

    servers: list[postgres.Server | valkey.Server] = []
    atexit.register(clean)
    if not os.environ.get("DATABASE_URL"):
        database = postgres.server(home, throwaway=True)
        servers.append(database)
        database.start()
        os.environ["DATABASE_URL"] = database.url
    if not os.environ.get("REDIS_URL"):
        broker = valkey.server(home, throwaway=True)
        servers.insert(0, broker)
        broker.start()
        os.environ["REDIS_URL"] = broker.url


_ready()
