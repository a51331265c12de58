"""Evidence decoded by a part of its own: it is handed open files, and knows nothing else."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

import pytest
from PIL import Image

from aduan.complaints.evidence import sandbox
from aduan.complaints.evidence.examiner import Unavailable

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def examiner(settings: Any) -> Iterator[str]:
    """Started as compose does it: no environment but the image's."""
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        path = f"{folder}/socket"
        bare = {"PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin", "PYTHONDONTWRITEBYTECODE": "1"}
        command = [str(PROJECT / "deploy/entrypoint.sh"), "examiner", path]
        with subprocess.Popen(command, env=bare, cwd=PROJECT) as process:
            try:
                while not _listens(path):
                    assert process.poll() is None
                    os.sched_yield()
                settings.EXAMINER_SOCKET = path
                yield path
            finally:
                process.terminate()


def _listens(path: str) -> bool:
    """A socket is in its folder a moment before anyone can connect to it."""
    with socket.socket(socket.AF_UNIX) as line:
        return line.connect_ex(path) == 0


@contextmanager
def picture() -> Iterator[BinaryIO]:
    with cast("BinaryIO", tempfile.TemporaryFile()) as file:
        Image.new("RGB", (40, 30), "navy").save(file, "PNG")
        yield file


def test_the_examiner_makes_of_a_picture_what_the_worker_made(examiner: str, settings: Any) -> None:
    with picture() as file:
        there = sandbox.convert(file)
        settings.EXAMINER_SOCKET = ""
        assert sandbox.convert(file) == there
    assert (there.ok, there.width) == (True, 40)


def test_a_file_that_is_none_is_refused_and_a_health_check_changes_nothing(examiner: str) -> None:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(examiner)
    with tempfile.TemporaryFile() as file:
        file.write(b"\x89PNG\r\n\x1a\n" + b"nonsense" * 20)
        file.seek(0)
        assert not sandbox.convert(file).ok


def test_without_its_examiner_evidence_waits(settings: Any) -> None:
    settings.EXAMINER_SOCKET = "/tmp/no-examiner-here"
    with picture() as file, pytest.raises(Unavailable):
        sandbox.convert(file)
