"""One hostile file on its way to a clean one: scanned if a scanner is set, then converted in the sandbox."""

from __future__ import annotations

import os

from django.conf import settings

from aduan.complaints.evidence import clamd, sandbox


class TryAgainLater(Exception):
    """The scanner or the sandbox is not available: nothing is known about the file."""


def scan_and_convert(data: bytes) -> sandbox.SandboxResult:
    """The clean derivative and thumbnail, or the reason of the refusal. Raises TryAgainLater."""
    try:
        if settings.CLAMD_SOCKET and clamd.scan(data, address=settings.CLAMD_SOCKET):
            return sandbox.SandboxResult(ok=False, reason="virus")
        with os.fdopen(os.memfd_create("evidence"), "w+b") as source:
            source.write(data)
            source.flush()
            source.seek(0)
            return sandbox.convert(source)
    except (clamd.Unreachable, sandbox.Unavailable) as error:
        raise TryAgainLater from error
