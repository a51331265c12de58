"""A citizen's browser that records faults of the page: script errors, refusals, third-party requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize
from pytest_django.live_server_helper import LiveServer

from aduan.operators.models import Operator
from portal.public import rate_limits
from tests.factories.files import jpeg
from tests.patience import PATIENCE_MS

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}


@dataclass
class Visit:
    """A page at the portal, with what went wrong in it."""

    page: Page
    url: str
    faults: list[str] = field(default_factory=list)
    offline: bool = False
    refusals: tuple[int, ...] = (400,)  # answers that the console may name

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def watch(self) -> None:
        host = urlsplit(self.url).netloc
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        self.page.on("console", self._console)
        self.page.on("request", lambda request: self._elsewhere(request.url, host))

    def _elsewhere(self, url: str, host: str) -> None:
        if urlsplit(url).netloc != host:
            self.faults.append(f"elsewhere: {url}")

    def _console(self, message: Any) -> None:
        wanted = (self.offline and "ERR_" in message.text) or any(
            f"status of {code}" in message.text for code in self.refusals
        )
        if message.type == "error" and not wanted:
            self.faults.append(f"console: {message.text}")


@pytest.fixture
def portal(live_server: LiveServer, telkomsel: Operator, monkeypatch: pytest.MonkeyPatch) -> str:
    """The portal, with package for a whole suite from one address."""
    for name in (
        "SEND_WITHOUT_PROOF",
        "PARSE_NUMBER",
        "CHALLENGE",
        "CHECK",
        "LOOKUP",
    ):
        limit = getattr(rate_limits, name)
        monkeypatch.setattr(rate_limits, name, rate_limits.Limit(limit.name, 100_000, limit.seconds))
    return str(live_server.url)


@pytest.fixture
def visit(browser: Browser, portal: str) -> Iterator[Any]:
    """Opens a visitor: scripts on or off, size, language, colours. Faults fail the test at its end."""
    opened: list[tuple[Any, Visit]] = []

    def opens(
        *,
        scripts: bool = True,
        size: Any = PHONE,
        language: str = "id",
        dark: bool = False,
        workers: Literal["allow", "block"] = "block",  # `page.route` does not see what a worker asks
    ) -> Visit:
        context = browser.new_context(
            java_script_enabled=scripts,
            viewport=size,
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            color_scheme="dark" if dark else "light",
            has_touch=size is PHONE,
            service_workers=workers,
        )
        context.add_cookies([{"name": "django_language", "value": language, "url": portal}])
        context.set_default_timeout(PATIENCE_MS)
        visitor = Visit(context.new_page(), portal)
        visitor.watch()
        opened.append((context, visitor))
        return visitor

    yield opens
    faults = [fault for _context, visitor in opened for fault in visitor.faults]
    for context, _visitor in opened:
        context.close()
    assert not faults


@pytest.fixture
def chat(tmp_path: Path) -> Path:
    path = tmp_path / "tangkapan-layar.jpg"
    path.write_bytes(jpeg())
    return path
