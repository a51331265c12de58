"""`make test-long` goes on where it was interrupted: what has passed with these sources is not run again.

Loaded by `-p tests.long_run`. Each test that passes is written down at once, with what it proves, so a kill
loses only the test at work. A changed source starts over, and so do `--anew` and a run after a complete one.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests import bounds

PROJECT = Path(__file__).resolve().parent.parent
SOURCES = ("aduan", "portal", "clients", "templates", "tests", "requirements.txt")
PASSED = PROJECT / ".pytest_cache" / "long-run"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--anew", action="store_true", help="run every slow test, also what has passed before")


@pytest.hookimpl(trylast=True)  # when the others have been deselected
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    stamp, known = _stamp(), _read()
    passed = set(known[1:])
    left = [item for item in items if item.nodeid not in passed]
    if config.getoption("--anew") or known[:1] != [stamp] or not left:
        PASSED.parent.mkdir(exist_ok=True)
        PASSED.write_text(f"{stamp}\n", encoding="utf-8")
    else:
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid in passed])
        items[:] = left


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed:
        with PASSED.open("a", encoding="utf-8") as file:
            file.writelines(f"{line}\n" for line in (report.nodeid, *bounds.said()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What the runs since the last change prove, this one and those before it."""
    terminalreporter.section("what was proved")
    for line in _read():
        if line.startswith("N = "):
            terminalreporter.line(line)


def _read() -> list[str]:
    return PASSED.read_text(encoding="utf-8").splitlines() if PASSED.exists() else []


def _stamp() -> str:
    """What results depend on."""
    facts = hashlib.sha256()
    for name in SOURCES:
        top = PROJECT / name
        for path in sorted(top.rglob("*.*")) if top.is_dir() else [top]:
            if path.is_file() and path.suffix not in (".pyc", ".mo"):
                facts.update(f"{path.relative_to(PROJECT)} ".encode() + path.read_bytes())
    return facts.hexdigest()
