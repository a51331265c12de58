"""Workers that run tests side by side change nothing under each other."""

from __future__ import annotations

import os
import subprocess
import sys

READ = "from tests import settings as s; print(s.KEYS_DIR, s.PUBLISH_ROOT, s.QUEUE_PREFIX, sep='\\n')"


def test_each_has_its_own_keys_lists_and_queues() -> None:
    """Seen to fail on d0bffad4: a test that rotates keys changed them while another worker published lists.

    What that one kept for all its tests of the client was torn from then on.
    """
    of_one, of_other = (
        subprocess.run(
            [sys.executable, "-c", READ],
            env={**os.environ, "PYTEST_XDIST_WORKER": name},
            capture_output=True, text=True, check=True, timeout=120,
        ).stdout.split()
        for name in ("gw0", "gw1")
    )  # fmt: skip
    assert len(of_one) == 3
    assert not set(of_one) & set(of_other)
