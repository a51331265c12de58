"""A browser test ends when its server has answered what its pages asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.patience import PATIENCE_MS

_answering: set[threading.Thread] = set()


def _begin(**_request: object) -> None:
    _answering.add(threading.current_thread())


def _end(**_request: object) -> None:
    _answering.discard(threading.current_thread())


request_started.connect(_begin)
request_finished.connect(_end)


@pytest.fixture(autouse=True)
def nothing_is_under_way_afterwards(browser: Browser, live_server: LiveServer) -> Iterator[None]:
    """The database is emptied after the test; a request of a page that is left would run into that.

    Leaving a case page tells the server so. That came between two tests now and then: an error on the
    terminal that belonged to no test, once together with the end of the whole run.
    """
    yield
    for context in browser.contexts:
        context.set_offline(True)
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while any(one is not threading.current_thread() and one.is_alive() for one in list(_answering)):
        assert time.monotonic() < deadline, "a request of the test is still being answered"
        time.sleep(0.02)
