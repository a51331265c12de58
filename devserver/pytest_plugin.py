"""Gives a test run its PostgreSQL and Valkey when a test first needs them, and its browser.

Loaded by `-p` in pyproject.toml. xdist's workers inherit the controller's environment and share its servers.
"""

import os
import shutil

import pytest

from deploy.compile_catalogues import compile_stale
from devserver import testing


def _prepare() -> None:
    # Playwright's synchronous interface runs an event loop in the thread of the test.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    if not os.environ.get("PYTEST_XDIST_WORKER"):
        testing.prepare_run()
        compile_stale()


_prepare()


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
