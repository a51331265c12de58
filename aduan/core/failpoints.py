"""Points at which a test kills or stops the process, to prove that the work can be resumed.

`ADUAN_FAILPOINT=after_sign:2` kills the process by SIGKILL when it passes `after_sign` for the second time;
`ADUAN_FAILPOINT=after_sign:1:stop` stops it (SIGSTOP), as a stalled machine would. Outside ADUAN_ENV=test the
variable is ignored, and `reached` is an empty function.
"""

from __future__ import annotations

import os
import signal
from collections import Counter

_SIGNALS = {"kill": signal.SIGKILL, "stop": signal.SIGSTOP}
_passed: Counter[str] = Counter()


def _reached(name: str) -> None:
    """Count a passage; die here when the environment says so."""
    wanted, _, rest = os.environ.get("ADUAN_FAILPOINT", "").partition(":")  # noqa: TID251  # for tests only
    if wanted != name:
        return
    count, _, how = rest.partition(":")
    _passed[name] += 1
    if _passed[name] == int(count or 1):
        os.kill(os.getpid(), _SIGNALS[how or "kill"])


def _nothing(name: str) -> None:
    """What production gets."""


reached = _reached if os.environ.get("ADUAN_ENV") == "test" else _nothing  # noqa: TID251  # for tests only
