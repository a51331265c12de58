"""Gives a test run its own PostgreSQL and Valkey, before Django reads its settings.

Loaded by `-p` in pyproject.toml. xdist's workers inherit the controller's environment and so share
one pair of servers. DATABASE_URL and REDIS_URL, when set, are used instead.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from devserver import catalogues, postgres, valkey
from devserver.home import server_account


def _ready() -> None:
    os.environ["ADUAN_MODE"] = "test"
    # Playwright's synchronous interface runs an event loop in the thread of the test.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # One queue for each of xdist's workers: their databases differ.
    os.environ["ADUAN_QUEUE"] = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'one')}"
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


def chromium() -> str | None:
    """The browser of the machine; Playwright's own would come from a CDN."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if chromium() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="no Chromium"))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """A skipped browser test is said aloud: the pages were not looked at."""
    reports = terminalreporter.stats.get("skipped", [])
    skipped = [report for report in reports if "no Chromium" in str(report.longrepr)]
    if skipped:
        terminalreporter.section("NOT TESTED: the browser", sep="!", red=True, bold=True)
        terminalreporter.line(
            f"{len(skipped)} browser tests were skipped: there is no Chromium (apt-get install chromium)."
        )
