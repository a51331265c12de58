"""How transfers ended, from the log that the web server in front writes (deploy/nginx): one line each,.

    <name of the transfer> <bytes of the body that left> <OK, or nothing when the client went away>

Where reading stopped is remembered, so each line is read once; a line read twice does no harm.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

_MARK = "deliveries-read"
_LINE = re.compile(rb"(\d{1,18}) (\d{1,18}) (OK)?\n")


def ended_transfers() -> Iterator[tuple[str, int, bool]]:
    """Name, bytes and whether it was complete, of every transfer that ended since the last call."""
    for line in _new_lines(Path(settings.DELIVERY_LOG)) if settings.DELIVERY_LOG else ():
        if match := _LINE.fullmatch(line):
            yield match[1].decode(), int(match[2]), match[3] is not None


def unread() -> tuple[int, float]:
    """How many bytes were not read yet, and for how many seconds none was; (0, 0) without a log."""
    log = Path(settings.DELIVERY_LOG)
    if not settings.DELIVERY_LOG or not log.exists():
        return 0, 0.0
    mark = settings.ADUAN_HOME / _MARK
    inode, offset = _read_mark(mark)
    facts = log.stat()
    left = facts.st_size - (offset if inode == facts.st_ino and offset <= facts.st_size else 0)
    since = mark.stat().st_mtime if mark.exists() else facts.st_mtime
    return left, max(0.0, time.time() - since) if left else 0.0


def _read_mark(mark: Path) -> tuple[int, int]:
    """The file that was read, and up to where."""
    inode, offset = mark.read_text(encoding="ascii").split() if mark.exists() else ("0", "0")
    return int(inode), int(offset)


def _new_lines(log: Path) -> Iterator[bytes]:
    mark = settings.ADUAN_HOME / _MARK
    if not log.exists():
        return
    facts = log.stat()
    inode, offset = _read_mark(mark)
    turned_over = inode != facts.st_ino or offset > facts.st_size
    at = 0 if turned_over else offset
    with log.open("rb") as lines:
        lines.seek(at)
        for line in lines:
            if not line.endswith(b"\n"):
                break  # still being written
            yield line
            at += len(line)
    mark.write_text(f"{facts.st_ino} {at}", encoding="ascii")
