"""`python -m bench.hammer`: HTTP/1.1 requests over kept connections, as cheaply as Python can send them.

Reads a JSON object from stdin: `port`, `connections`, `requests` (a list of texts, each a whole request in
latin-1, sent in turn). Prints one: `seconds` of the whole run, `statuses` (count by status code), `p50` and
`p95` in milliseconds. One process with one selector, so that it takes the same from a quick server and a
slow one: what it takes is in both figures of a ratio.
"""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class Connection:
    socket: socket.socket
    sent_at: float = 0.0
    received: bytearray = field(default_factory=bytearray)


class Hammer:
    def __init__(self, port: int, connections: int, requests: list[bytes]) -> None:
        self.port, self.waiting = port, iter(requests)
        self.selector = selectors.DefaultSelector()
        self.statuses: Counter[str] = Counter()
        self.took: list[float] = []
        self.open = 0
        for _number in range(min(connections, len(requests))):
            self._next(self._connect())

    def run(self) -> None:
        while self.open:
            ready = self.selector.select(timeout=60)
            if not ready:
                raise TimeoutError("the server has not answered for a minute")
            for key, _events in ready:
                self._read(key.data)

    def _connect(self) -> Connection:
        one = Connection(socket.create_connection(("127.0.0.1", self.port), timeout=60))
        one.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.selector.register(one.socket, selectors.EVENT_READ, one)
        self.open += 1
        return one

    def _close(self, one: Connection) -> None:
        self.selector.unregister(one.socket)
        one.socket.close()
        self.open -= 1

    def _next(self, one: Connection) -> None:
        if (request := next(self.waiting, None)) is None:
            self._close(one)
            return
        one.received.clear()
        one.sent_at = time.perf_counter()
        one.socket.sendall(request)

    def _read(self, one: Connection) -> None:
        more = one.socket.recv(262_144)
        one.received += more
        head, _, body = bytes(one.received).partition(b"\r\n\r\n")
        head = head.lower()
        if _is_whole(head, body) or (head and not more):
            self.took.append(time.perf_counter() - one.sent_at)
            self.statuses[head[9:12].decode()] += 1
            if not more or b"connection: close" in head:
                self._close(one)
                one = self._connect()
            self._next(one)
        elif not more:
            raise ConnectionError("the server closed a connection without an answer")


def _is_whole(head: bytes, body: bytes) -> bool:
    _before, named, after = head.partition(b"content-length:")
    if named:
        return len(body) >= int(after.partition(b"\r\n")[0])
    return b"transfer-encoding: chunked" in head and body.endswith(b"0\r\n\r\n")


def main() -> int:
    asked = json.load(sys.stdin)
    requests = [text.encode("latin-1") for text in asked["requests"]]
    start = time.perf_counter()
    hammer = Hammer(asked["port"], asked["connections"], requests)
    hammer.run()
    seconds = time.perf_counter() - start
    took = sorted(hammer.took)
    at = {name: took[int(len(took) * share)] * 1000 for name, share in (("p50", 0.5), ("p95", 0.95))}
    print(json.dumps({"seconds": seconds, "statuses": hammer.statuses, **at}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
