"""A small IMAP mailbox in the test's own process: log-in, one folder, UID SEARCH UNSEEN, FETCH, STORE.

It speaks the protocol over a real socket and keeps flags as a server does (RFC 3501). `drops_at` is the uid
at which it hangs up before anything is marked.
"""

from __future__ import annotations

import re
import socketserver
import threading
from typing import Any, Final

USER: Final = "rujukan"
PASSWORD: Final = "kata sandi/1"  # a space and a slash: they are quoted in the address


class Mailbox(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mails: list[bytes] = []
        self.seen: set[int] = set()
        self.drops_at = 0
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    @property
    def url(self) -> str:
        return f"imap://{USER}:kata%20sandi%2F1@127.0.0.1:{self.port}/INBOX"

    def stop(self) -> None:
        self.shutdown()
        self.server_close()
        self.thread.join(5)


class _Session(socketserver.StreamRequestHandler):
    server: Any

    def handle(self) -> None:
        self._say(b"* OK ready")
        while line := self.rfile.readline():
            tag, _, rest = line.strip().partition(b" ")
            words = rest.split()
            if not words:
                return
            command = b"_".join(words[:2]).upper() if words[0].upper() == b"UID" else words[0].upper()
            act = getattr(self, f"do_{command.decode().lower()}", None)
            said = act(rest) if act else b"BAD unknown command"
            if said is None:
                return
            self._say(tag + b" " + said)
            if command == b"LOGOUT":
                return

    def do_capability(self, _rest: bytes) -> bytes:
        self._say(b"* CAPABILITY IMAP4rev1")
        return b"OK done"

    def do_login(self, rest: bytes) -> bytes:
        name, secret = re.fullmatch(rb'LOGIN "?([^" ]+)"? "([^"]*)"', rest, re.IGNORECASE).groups()  # type: ignore[union-attr]
        right = (name.decode(), secret.decode()) == (USER, PASSWORD)
        return b"OK logged in" if right else b"NO [AUTHENTICATIONFAILED] Invalid credentials"

    def do_select(self, rest: bytes) -> bytes:
        if b"INBOX" not in rest:
            return b"NO no such folder"
        self._say(b"* %d EXISTS" % len(self.server.mails))
        return b"OK [READ-WRITE] selected"

    def do_uid_search(self, _rest: bytes) -> bytes:
        unseen = [uid for uid in range(1, len(self.server.mails) + 1) if uid not in self.server.seen]
        self._say(b"* SEARCH " + b" ".join(b"%d" % uid for uid in unseen))
        return b"OK done"

    def do_uid_fetch(self, rest: bytes) -> bytes | None:
        uid = int(rest.split()[2])
        if uid == self.server.drops_at:
            return None
        most = int(re.search(rb"<0\.([0-9]+)>", rest)[1])  # type: ignore[index]
        raw = self.server.mails[uid - 1][:most]
        self._say(b"* %d FETCH (UID %d BODY[]<0> {%d}" % (uid, uid, len(raw)))
        self.wfile.write(raw)
        self._say(b")")
        return b"OK done"

    def do_uid_store(self, rest: bytes) -> bytes:
        self.server.seen.add(int(rest.split()[2]))
        return b"OK done"

    def do_logout(self, _rest: bytes) -> bytes:
        self._say(b"* BYE")
        return b"OK done"

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")
        self.wfile.flush()
