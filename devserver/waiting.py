"""Waiting for a process on a machine that may be slow: as long as it lives, and saying what for."""

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

NOTICE_SECONDS = 10.0


def say(text: str) -> None:
    """A line of progress: the same with and without a terminal."""
    print(f"aduan: {text}", flush=True)


def wait_until(
    ready: Callable[[], bool],
    *,
    alive: Callable[[], bool],
    what: str,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], object] = time.sleep,
) -> bool:
    """Poll until `ready()`; False as soon as `alive()` is false. No deadline: only death ends the wait."""
    began = clock()
    noticed = began
    while not ready():
        if not alive():
            return False
        if clock() - noticed >= NOTICE_SECONDS:
            noticed = clock()
            say(f"still waiting for {what} ({noticed - began:.0f} s)")
        pause(0.1)
    return True


def run_patiently(
    command: Sequence[str], *, environment: Mapping[str, str], account: Mapping[str, Any], what: str
) -> subprocess.CompletedProcess[str]:
    """The command's output, however long it takes; a pipe, as a server must not keep the terminal."""
    process = subprocess.Popen(
        command, cwd="/", env=dict(environment), text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **account,
    )  # fmt: skip
    waited = 0.0
    try:
        while True:
            try:
                said, complained = process.communicate(timeout=NOTICE_SECONDS)
            except subprocess.TimeoutExpired:
                waited += NOTICE_SECONDS
                say(f"still waiting for {what} ({waited:.0f} s)")
            else:
                return subprocess.CompletedProcess(list(command), process.returncode, said, complained)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()
