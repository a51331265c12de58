"""Patience with a busy machine: long waits, and one more run of a failed test that drives real processes."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import expect

DRIVES_PROCESSES = ("browser", "faults", "journey", "production")  # markers
PATIENCE_MS = 30_000  # a page that is right comes in milliseconds; only a loaded machine needs this
expect.set_options(timeout=PATIENCE_MS)
# How long an example takes, or is made, says how loaded the machine is.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What drives real processes misses a moment on a loaded machine; a fault fails twice.

    The summary lists what ran again (R), so that a test that often needs it is seen.
    """
    for item in items:
        if any(item.get_closest_marker(name) for name in DRIVES_PROCESSES):
            item.add_marker(pytest.mark.flaky(reruns=1))
