"""The desk in a real browser: a wide screen, a live server, people who sit down, an eye on what breaks."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page
from pytest_django.live_server_helper import LiveServer

from aduan.accounts.models import User
from tests.browser.sessions import sit_down
from tests.patience import PATIENCE_MS

_AXE_VARIANTS: set[str] = set()
SHOTS = os.environ.get("ADUAN_SHOTS", "")


@pytest.fixture
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_context_args, "viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def desk(page: Page, live_server: LiveServer) -> Iterator[Page]:
    """A page that fails the test when the browser reports a script error or a breach of the CSP."""
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda said: _note(broken, page, said.text))
    page.set_default_timeout(PATIENCE_MS)
    yield page
    assert not broken, broken


def _note(broken: list[str], page: Page, text: str) -> None:
    """Breaches of our pages; axe tries inline styles of its own while it looks."""
    if not _AXE_VARIANTS and re.search("Content.Security.Policy|violates|Refused to", text, re.IGNORECASE):
        broken.append(f"{page.url} {text}")


@pytest.fixture
def log_in(live_server: LiveServer, context: BrowserContext) -> Callable[[User], None]:
    """Changes who sits at the desk: the session that a log-in just now would have left."""

    sat_here: list[User] = []

    def as_user(user: User) -> None:
        if sat_here and sat_here[-1] != user:
            for left in context.pages:  # the one before gets up: an open case is given back
                left.goto("about:blank")
        sat_here.append(user)
        sit_down(context, user, live_server.url)

    return as_user


def barriers(page: Page) -> list[str]:
    """What axe finds on the page as it stands, WCAG 2.2 A and AA and its best practices."""
    _AXE_VARIANTS.add(page.url)
    found = Axe().run(page)
    _AXE_VARIANTS.clear()
    return [
        f"{one['id']}: {node['html'][:160]}" for one in found.response["violations"] for node in one["nodes"]
    ]


def shoot(page: Page, name: str) -> None:
    """Keeps a picture for the eye when ADUAN_SHOTS names a folder."""
    if SHOTS:
        folder = Path(SHOTS)
        folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=folder / f"{name}.png", full_page=True)
