"""One hostile file in the sandbox: scanned if a scanner is set and converted, or its text read."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from typing import BinaryIO

from django.conf import settings

from aduan.complaints.evidence import clamd, sandbox
from aduan.complaints.evidence.examiner import Unavailable


class TryAgainLater(Exception):
    """The scanner or the sandbox is not available: nothing is known about the file."""


def scan_and_convert(data: bytes) -> sandbox.SandboxResult:
    """The clean derivative and thumbnail, or the reason of the refusal. Raises TryAgainLater."""
    try:
        if settings.CLAMD_SOCKET and clamd.scan(data, address=settings.CLAMD_SOCKET):
            return sandbox.SandboxResult(ok=False, reason="virus")
        with _open(data) as source:
            return sandbox.convert(source)
    except (clamd.Unreachable, Unavailable) as error:
        raise TryAgainLater from error


def read_picture(data: bytes) -> sandbox.Recognition:
    """The words on a picture and its pages for cut-outs, or the reason why not. Raises TryAgainLater."""
    try:
        with _open(data) as source:
            return sandbox.recognise(source)
    except Unavailable as error:
        raise TryAgainLater from error


@contextlib.contextmanager
def _open(data: bytes) -> Iterator[BinaryIO]:
    """A file with a real descriptor that is on no disk."""
    if not hasattr(os, "memfd_create"):  # macOS, which has no locks for decoders either
        raise Unavailable("this system keeps no file in memory: evidence waits")
    with os.fdopen(os.memfd_create("evidence"), "w+b") as source:
        source.write(data)
        source.flush()
        source.seek(0)
        yield source
