"""The sandboxed half of the evidence pipeline.

Reads one hostile file from stdin, writes clean derivatives (or the words on a picture) to stdout.

Started by sandbox.py as its own process. Before the first byte is parsed it imports the decoder of this kind
of file and gives up what it does not need: CPU time, memory, file size, open files, new processes, the
network, root. Answer: 4 bytes length, JSON, then the bytes of the clean file, the thumbnail and each part.
What decoders need of the system: memory (mmap, brk), clocks, and for HEIC one more thread (libde265).
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import resource
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import asdict
from typing import Final

from aduan.complaints.evidence import confinement, file_types, limits, texts
from aduan.complaints.evidence.conversion import Converted, Refused

_NEWNET: Final = 0x40000000
_NEWUSER: Final = 0x10000000
_NO_TICKET: Final = 65534
UNCONFINED: Final = 78  # EX_CONFIG: nothing is known about the file
_MOST_THREADS: Final = 4096
_LATER: Final = 10  # how much a reading gives way to whatever else wants the processor
ANSWER_LIMIT: Final = 28 * limits.MEBIBYTE

Decoder = Callable[[bytes], Converted]


def confine(*, cpu_seconds: int, memory: int, threads: int = 0) -> None:
    """Limits first, then privileges, then files and system calls.

    What the system does not allow (no user namespaces, not root) is left out. Raises Unconfined where the
    kernel can lock neither files nor system calls.
    """
    # SIGXCPU at the first limit. SIGKILL at the second would look like one from outside.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (ANSWER_LIMIT, ANSWER_LIMIT))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    libc = ctypes.CDLL(None, use_errno=True)
    if os.geteuid() == 0:
        libc.unshare(_NEWNET)
        with contextlib.suppress(OSError):
            os.setgroups([])
            os.setgid(_NO_TICKET)
            os.setuid(_NO_TICKET)
        if threads:
            libc.unshare(_NEWUSER)  # so that only this process counts among its user's
    else:
        libc.unshare(_NEWUSER | _NEWNET)
    _limit_processes(threads)
    confinement.lock()


def _limit_processes(threads: int) -> None:
    """No new process; where a decoder needs a thread, the smallest limit under which one starts.

    The limit counts every process of the user, which in a user namespace of our own is this one alone.
    """
    most = 0 if not threads else threads + 1
    while threads and most < _MOST_THREADS:
        resource.setrlimit(resource.RLIMIT_NPROC, (most, _MOST_THREADS))
        try:
            probe = threading.Thread(target=int)
            probe.start()
        except RuntimeError:
            most *= 2
            continue
        probe.join()
        break
    resource.setrlimit(resource.RLIMIT_NPROC, (most, most))


def load_decoder(kind: file_types.Kind | None) -> Decoder:
    """Imports what this kind needs, so that the sandbox can be closed before the file is read."""
    if kind is None:
        return _refuse_type
    if kind.family == "text":
        return lambda data: texts.clean_text(data, kind.code)
    if kind.family == "image":
        from aduan.complaints.evidence import pictures

        pictures.load_decoders(kind.code)
        return lambda data: pictures.convert_picture(data, kind.code)
    if kind.family == "pdf":
        from aduan.complaints.evidence import documents, pictures

        pictures.load_decoders(kind.code)
        return documents.convert_pdf
    from aduan.complaints.evidence import pictures, recordings

    pictures.load_decoders(kind.code)
    recordings.load_decoders()
    convert = recordings.convert_video if kind.family == "video" else recordings.clean_recording
    return lambda data: convert(data, kind.code)


def load_reader(kind: file_types.Kind | None) -> Decoder:
    """Imports what reads the text on a picture of this kind, with its language data."""
    if kind is None or kind.family != "image":
        return _refuse_type
    from aduan.complaints.evidence import pictures, recognition

    pictures.load_decoders(kind.code)
    recognition.load()
    return lambda data: recognition.read_picture(data, kind.code)


def _refuse_type(_data: bytes) -> Converted:
    raise Refused("file_type")


def main() -> None:
    """Arguments: convert or read, code of the kind, seconds of processor time, bytes of memory, threads."""
    for number in (signal.SIGINT, signal.SIGHUP):  # end it as such, not as an error of the file
        signal.signal(number, signal.SIG_DFL)
    task, code = sys.argv[-5:-3]
    cpu_seconds, memory, threads = map(int, sys.argv[-3:])
    kind = file_types.KINDS.get(code)
    if task == "read":
        os.nice(_LATER)
    status = _own_status()
    decode = load_reader(kind) if task == "read" else load_decoder(kind)
    try:
        confine(cpu_seconds=cpu_seconds, memory=memory, threads=threads)
    except confinement.Unconfined:
        sys.exit(UNCONFINED)
    done = Converted()
    try:
        done = decode(sys.stdin.buffer.read(kind.limit + 1 if kind else 1))
        facts = {"ok": True, "kind": code}
    except Refused as refusal:
        facts = {"ok": False, "reason": str(refusal)}
    except MemoryError:
        facts = {"ok": False, "reason": "too_heavy"}
    facts["peak_memory"] = _peak_memory(status)
    _answer(done, facts)


def _own_status() -> int | None:
    """An open descriptor of /proc/self/status, which cannot be opened behind the locks."""
    try:
        return os.open("/proc/self/status", os.O_RDONLY)
    except OSError:
        return None


def _peak_memory(status: int | None) -> int:
    """Bytes resident at most, of this program alone; 0 where the system does not say.

    Not getrusage: its maximum counts the parent, whose memory a child has until it starts its program.
    """
    found = re.search(rb"VmHWM:\s+(\d+) kB", os.pread(status, 8192, 0)) if status is not None else None
    return int(found[1]) * 1024 if found else 0


def _answer(done: Converted, facts: dict[str, object]) -> None:
    bodies = [done.clean, done.thumbnail, *(part.data for part in done.parts)]
    if sum(map(len, bodies)) > ANSWER_LIMIT - limits.MEBIBYTE:
        bodies, facts, done = [b"", b""], {"ok": False, "reason": "too_heavy"}, Converted()
    described = asdict(done)
    for row in (described, *described["parts"]):
        for name in ("clean", "thumbnail", "data"):
            row.pop(name, None)
    facts = {
        **described,
        **facts,
        "kind": done.kind or facts.get("kind", ""),
        "sizes": [len(one) for one in bodies],
    }
    head = json.dumps(facts).encode()
    sys.stdout.buffer.write(len(head).to_bytes(4, "big") + head + b"".join(bodies))
    sys.stdout.buffer.flush()
