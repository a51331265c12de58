"""One layout a run: it takes half a minute to start."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.production import front, holders, people
from tests.production.layout import Layout, build

# requests leaves the socket of a server that was killed in the middle of an answer to the garbage collector,
# which may come while any later test of this folder runs.
SOCKETS_OF_KILLED_SERVERS = "ignore:unclosed <ssl.SSLSocket:ResourceWarning"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings(SOCKETS_OF_KILLED_SERVERS))


@pytest.fixture(scope="session")
def layout() -> Iterator[Layout]:
    """Everything of docker-compose.yml is running and well; nginx only where there is one."""
    with_nginx = front.required()
    folder = Path(tempfile.mkdtemp(prefix="aduan-production-", dir="/tmp"))  # every user passes /tmp
    folder.chmod(0o755)
    made = Layout(folder, build(folder))
    try:
        made.up(nginx=with_nginx)
        holders.first_ceremony(made)
        people.make(made)
        yield made
    finally:
        made.down()
        shutil.rmtree(folder, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = terminalreporter.stats.get("skipped", [])
    if skipped := [report for report in reports if "ADUAN_WITHOUT_NGINX" in str(report.longrepr)]:
        terminalreporter.section("NOT TESTED: nginx", sep="!", red=True, bold=True)
        terminalreporter.line(
            f"{len(skipped)} tests were skipped: there is no nginx (apt-get install nginx-light)."
        )


@pytest.fixture
def behind_nginx(layout: Layout) -> Layout:
    if "nginx" not in layout.running:
        pytest.skip("ADUAN_WITHOUT_NGINX=1: nothing was tried through nginx")
    return layout
