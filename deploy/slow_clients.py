"""Closes connections to nginx that trickle, which nginx keeps for ever: the part `slow-clients`.

nginx counts the time from one byte to the next, so a byte now and then holds a connection without an end. A
connection in the middle of a request, or of an answer that is waiting to be read, has to move RATE bytes a
second in each window; idle ones are left to nginx. Needs `ss` (iproute2), CAP_NET_ADMIN and a kernel with
INET_DIAG_DESTROY, as Debian's.

Why these figures: a GPRS line of 20 kbit/s moves 75,000 bytes in a window, and the 7,680 that are asked for
when it stands still for 26 of the 30 seconds. So the form's photos come through on the slowest line there is.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass

WINDOW, TICK, RATE = 30.0, 5.0, 256.0  # seconds, seconds, bytes a second
SEEN = re.compile(r"^\d+ +(?P<queue>\d+) +(?P<local>\S+) +(?P<peer>\S+) ")
COUNTERS = {name: re.compile(rf" {name}:(\d+)") for name in ("bytes_acked", "bytes_received")}


@dataclass(frozen=True)
class Counters:
    """Of one connection, from its beginning: bytes that wait to be read, that were read, that came."""

    waiting: int
    read: int
    came: int


@dataclass
class Line:
    """What is known of a connection. `since` is when its request or answer began, or its last window."""

    last: Counters
    since: float | None = None
    base: int = 0  # bytes both ways at that time
    moved_at: float = 0.0

    def trickles(self, now: Counters, at: float, window: float, least: float) -> bool:
        """Whether a window has ended in which too little moved. To be asked in each round."""
        before, self.last = self.last, now
        if (now.read, now.came) != (before.read, before.came):
            self.moved_at = at
        if not now.waiting and now.read > before.read:
            self.since = None  # answered, and read to the end
            return False
        if self.since is None:
            if now.waiting or now.came > before.came:
                self.since, self.base = at, before.read + before.came
            return False
        if at - self.since < window:
            return False
        # A request that came at once waits for the application, which nginx gives its own time.
        at_work = not now.waiting and self.moved_at - self.since < window / 3
        moved, self.since, self.base = now.read + now.came - self.base, at, now.read + now.came
        return moved < least and not at_work


def looked(ports: list[int]) -> dict[tuple[str, str], Counters]:
    """The connections to these ports, by both addresses. Ends the process when no one listens there.

    After a restart of its container nginx has another network; only a restart of this one enters it.
    """
    asked = " or ".join(f"sport = :{port}" for port in ports)
    if not _ss("-Hltn", asked):
        raise SystemExit("slow_clients: no one listens there")
    said = _ss("-HtinO", "state", "established", asked)
    found = {}
    for line in said.splitlines():
        if seen := SEEN.match(line):
            read, came = (
                int(hit[1]) if (hit := counter.search(line)) else 0 for counter in COUNTERS.values()
            )
            found[seen["local"], seen["peer"]] = Counters(int(seen["queue"]), read, came)
    return found


def rounds(ports: list[int], window: float, tick: float) -> Iterator[int]:
    """For ever; how many were closed in each round."""
    lines: dict[tuple[str, str], Line] = {}
    while True:
        found, at = looked(ports), time.monotonic()
        lines = {ends: lines.get(ends) or Line(now) for ends, now in found.items()}
        slow = [ends for ends, now in found.items() if lines[ends].trickles(now, at, window, RATE * window)]
        for local, peer in slow:
            _ss("-KHtn", "state", "established", f"src {local} and dst {peer}")
        yield len(slow)
        time.sleep(tick)


def _ss(*words: str) -> str:
    done = subprocess.run(["ss", *words], capture_output=True, text=True, check=True)
    if done.stderr.strip():
        raise SystemExit(f"slow_clients: {done.stderr.strip().splitlines()[-1]} (CAP_NET_ADMIN?)")
    return done.stdout


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ports", type=int, nargs="*", default=[80, 443])
    parser.add_argument("--window", type=float, default=WINDOW)
    parser.add_argument("--tick", type=float, default=TICK)
    options = parser.parse_args()
    for closed in rounds(options.ports, options.window, options.tick):
        if closed:
            sys.stderr.write(f'{{"event": "slow_clients_closed", "count": {closed}}}\n')


if __name__ == "__main__":
    main()
