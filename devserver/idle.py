"""`python -m devserver.idle FOLDER THROWAWAY`: stops the servers of the tests when no run uses them any more.

Runs hold a shared lock on FOLDER/in-use.lock. THROWAWAY servers (`True`) go as soon as their run has died
without taking them along; kept ones after half an hour.
"""

import fcntl
import os
import shutil
import sys
import time
from pathlib import Path

from devserver import testing
from devserver.home import EmbeddedError, forget

POLL_SECONDS = 3


def main(place: Path, *, throwaway: bool, idle_seconds: float) -> None:
    """Returns when the servers are stopped, or when the folder has gone."""
    os.environ["ADUAN_TEST_HOME"] = str(place)
    last_used = time.monotonic()
    while (place / "in-use.lock").exists():
        time.sleep(POLL_SECONDS)
        try:
            with (place / "in-use.lock").open("r+") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                if throwaway or time.monotonic() - last_used > idle_seconds:
                    (place / "idle.json").unlink(missing_ok=True)  # or stop() would end this process
                    testing.stop(destroy=throwaway)
                    if throwaway:
                        shutil.rmtree(place, ignore_errors=True)
                    return
        except BlockingIOError:
            last_used = time.monotonic()
        except FileNotFoundError:
            break
    forget(place)


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]), throwaway=sys.argv[2] == "True", idle_seconds=testing.IDLE_MINUTES * 60)
    except EmbeddedError as error:
        sys.exit(f"aduan: {error}")
