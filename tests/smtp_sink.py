"""A mail server in the test's own process that can be slow, refuse, or accept and drop the line."""

from __future__ import annotations

import contextlib
import email.policy
import socketserver
import threading
import time
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any


class Sink(socketserver.ThreadingTCPServer):
    """`mode` is ok, greylist (4xx), refuse (5xx), drop (takes the message, then hangs up) or slow."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mode = "ok"
        self.slowness = 0.0
        self.pipelining = True  # whether it says so; it takes commands together in any case
        self.taken: list[Any] = []
        self.lock = threading.Lock()
        self.sessions = self.at_once = self.most_at_once = 0
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def parse(self, content: bytes) -> EmailMessage:
        return BytesParser(policy=email.policy.default).parsebytes(content)

    @contextlib.contextmanager
    def counting(self) -> Iterator[None]:
        """How many letters are under way at once."""
        with self.lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        yield
        with self.lock:
            self.at_once -= 1

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self.thread.join(5)


class _Session(socketserver.StreamRequestHandler):
    server: Any
    disable_nagle_algorithm = True  # as mail servers do: of several answers none waits for an acknowledgement

    def handle(self) -> None:
        self.server.sessions += 1
        self._say("220 sink")
        while line := self.rfile.readline().strip():
            verb = line[:4].upper()
            if verb == b"DATA" and self.server.mode == "greylist":
                self._say("554 5.5.1 no valid recipients")
            elif verb == b"DATA":
                if not self._data():
                    return
            elif verb == b"QUIT":
                self._say("221 bye")
                return
            elif verb == b"EHLO" and self.server.pipelining:
                self._say("250-sink\r\n250 PIPELINING")
            elif verb == b"RCPT" and self.server.mode in {"greylist", "refuse"}:
                self._say("450 4.2.0 later" if self.server.mode == "greylist" else "550 5.1.1 nobody here")
            else:
                self._say("250 ok")

    def _data(self) -> bool:
        self._say("354 go")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        message = self.server.parse(b"".join(lines))
        with self.server.counting():
            time.sleep(self.server.slowness)
        if self.server.mode == "drop":
            return False
        if self.server.mode == "refuse":  # RFC 2920 lets it say this so late
            self._say("554 5.5.1 no valid recipients")
            return True
        self.server.taken.append(message)
        self._say("250 taken")
        return True

    def _say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")
