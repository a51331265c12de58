"""gunicorn as deploy/gunicorn.py sets it up."""

from __future__ import annotations

import runpy

import pytest
from django.core.files.uploadhandler import FileUploadHandler
from gunicorn import util
from gunicorn.http.body import Body, LengthReader
from gunicorn.http.unreader import SocketUnreader

PHOTO = 5_000_000


class Line:
    """A line on which as much comes as is asked for."""

    def __init__(self) -> None:
        self.asked: list[int] = []

    def recv(self, size: int) -> bytes:
        self.asked.append(size)
        return b"\xff" * size


def test_of_a_photo_no_more_is_taken_at_once_than_django_asks_for(monkeypatch: pytest.MonkeyPatch):
    for name in ("CONNECT_TIMEOUT_S", "LOCK_TIMEOUT_MS", "STATEMENT_TIMEOUT_MS"):
        monkeypatch.setenv(f"ADUAN_DB_{name}", "1000")
    monkeypatch.setattr(util, "write_error", util.write_error)
    monkeypatch.setattr(SocketUnreader, "max_body_chunk", SocketUnreader.max_body_chunk)
    runpy.run_path("deploy/gunicorn.py")
    line = Line()
    body = Body(LengthReader(SocketUnreader(line), PHOTO))
    taken = 0
    while piece := body.read(FileUploadHandler.chunk_size):
        taken += len(piece)
    assert taken == PHOTO
    assert max(line.asked) == FileUploadHandler.chunk_size
