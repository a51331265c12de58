"""Starts sandbox_worker in a process of its own, bounds it in time and size, and reads its answer."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from typing import BinaryIO

_ROOT: Final = Path(__file__).resolve().parents[3]
_START: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from aduan.complaints.evidence.sandbox_worker import main; main()"
)

CPU_SECONDS: Final = 10
MEMORY: Final = 512 * 1024 * 1024
WALL_SECONDS: Final = 60
_UNCONFINED: Final = 78  # sandbox_worker.UNCONFINED, which is imported only in the child
_ANSWER_LIMIT: Final = 20 * 1024 * 1024


class Unavailable(Exception):
    """The sandbox itself could not be started: nothing is known about the file, try again later."""


@dataclass(frozen=True, slots=True)
class SandboxResult:
    """What the sandbox made of a file. When refused, `reason` is a stable code and the rest is empty."""

    ok: bool
    reason: str = ""
    kind: str = ""
    clean: bytes = b""
    thumbnail: bytes = b""
    width: int = 0
    height: int = 0
    hash: int = 0  # unsigned 64 bits, pictures only
    mirrored: int = 0


def convert(
    source: BinaryIO,
    *,
    cpu_seconds: int = CPU_SECONDS,
    memory: int = MEMORY,
    wall_seconds: int = WALL_SECONDS,
) -> SandboxResult:
    """Runs the child on an open file with a real descriptor. A child that dies is a refusal, not an error."""
    with tempfile.TemporaryFile() as answer:
        command = [sys.executable, "-I", "-c", _START, str(_ROOT), str(cpu_seconds), str(memory)]
        try:
            done = subprocess.run(
                command,
                stdin=source,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                timeout=wall_seconds,
                env={"PATH": "/usr/bin:/bin"},
                cwd="/",
                check=False,
            )
        except subprocess.TimeoutExpired:
            return SandboxResult(ok=False, reason="too_slow")
        except OSError as error:
            raise Unavailable(str(error)) from error
        answer.seek(0)
        return _read(answer.read(_ANSWER_LIMIT), done.returncode)


def _read(answer: bytes, returncode: int) -> SandboxResult:
    if returncode == _UNCONFINED:
        raise Unavailable("this kernel offers neither Landlock nor seccomp: evidence waits")
    if returncode != 0:
        # -24 SIGXCPU, -9 killed for time or memory, 1 an error no one foresaw: the file is to blame in each
        # case, as the same child reads good files all day.
        return SandboxResult(ok=False, reason="too_slow" if returncode in {-24, -9} else "unreadable")
    length = int.from_bytes(answer[:4], "big")
    facts = json.loads(answer[4 : 4 + length])
    if not facts["ok"]:
        return SandboxResult(ok=False, reason=facts["reason"])
    body = answer[4 + length :]
    return SandboxResult(
        ok=True,
        kind=facts["kind"],
        clean=body[: facts["clean"]],
        thumbnail=body[facts["clean"] : facts["clean"] + facts["thumbnail"]],
        width=facts.get("width", 0),
        height=facts.get("height", 0),
        hash=facts.get("hash", 0),
        mirrored=facts.get("mirrored", 0),
    )
