"""A client for ClamAV's daemon: INSTREAM over its Unix socket or TCP port.

Off unless settings.CLAMD_SOCKET is set.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator
from typing import Final

_CHUNK: Final = 64 * 1024
_PATIENCE: Final = 30.0  # seconds for each step, and for the whole of the answer


class Unreachable(Exception):
    """The scanner did not answer: nothing is known about the file."""


def scan(data: bytes, *, address: str) -> str:
    """The name of what was found, or an empty string. `address` is `/run/clamd.sock` or `host:3310`.

    Raises Unreachable when the daemon is away, slow, or refuses to scan: then the file has to wait.
    """
    try:
        with _connected(address) as link:
            link.sendall(b"zINSTREAM\x00")
            for start in range(0, len(data), _CHUNK):
                piece = data[start : start + _CHUNK]
                link.sendall(len(piece).to_bytes(4, "big") + piece)
            link.sendall(bytes(4))
            answer = _answer(link)
    except OSError as error:
        raise Unreachable(type(error).__name__) from error
    if answer.endswith("FOUND"):
        return answer.removeprefix("stream:").removesuffix("FOUND").strip()[:60] or "unnamed"
    if answer.endswith("OK"):
        return ""
    raise Unreachable(answer[:60])


@contextlib.contextmanager
def _connected(address: str) -> Iterator[socket.socket]:
    if address.startswith("/"):
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        target: str | tuple[str, int] = address
    else:
        host, _colon, port = address.rpartition(":")
        link = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        target = (host, int(port))
    with link:
        link.settimeout(_PATIENCE)
        link.connect(target)
        yield link


def _answer(link: socket.socket) -> str:
    answer, end = b"", time.monotonic() + _PATIENCE
    while not answer.endswith(b"\x00") and len(answer) < 4096:
        if time.monotonic() > end:
            raise TimeoutError
        piece = link.recv(4096)
        if not piece:
            break
        answer += piece
    return answer.rstrip(b"\x00\n").decode("utf-8", "replace").strip()
