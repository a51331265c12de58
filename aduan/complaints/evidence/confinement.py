"""Gives up files and system calls for good, before the first hostile byte is parsed. Linux only.

Two locks, each enough to keep a broken decoder from keys, sockets and other processes: Landlock (no path can
be opened any more) and a seccomp filter that allows a short list of system calls. Neither needs privileges,
a namespace or a container. Sources: landlock(7), seccomp(2), linux/landlock.h, linux/filter.h.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import struct
from typing import Final

_LANDLOCK_CREATE, _LANDLOCK_RESTRICT = 444, 446  # the same on every architecture
_LANDLOCK_VERSION: Final = 1  # the flag that asks for the version of the interface
# Everything that a version can forbid: rights on files, TCP, and from 6 on signals and abstract sockets.
_FILE_RIGHTS: Final = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 4: 0x7FFF, 5: 0xFFFF}
_TCP_RIGHTS, _SCOPES = 0x3, 0x3

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER_MODE = 38, 22, 2
_ALLOW, _KILL, _REFUSE = 0x7FFF0000, 0x80000000, 0x00050000 | errno.EPERM
_NO_SUCH_CALL: Final = 0x00050000 | errno.ENOSYS
_LOAD, _EQUAL, _ANY_BIT, _RETURN = 0x20, 0x15, 0x45, 0x06  # BPF: ld abs, jeq, jset, ret
_CALL, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data
_THREAD, _EXECUTABLE = 0x10000, 0x4  # CLONE_THREAD, PROT_EXEC

# What decoding from memory into memory needs: no open, no socket, no exec, no signal to others, no ioctl.
# The numbers of x86_64 and of aarch64.
_ALLOWED: Final = {
    "read": (0, 63), "write": (1, 64), "close": (3, 57), "fstat": (5, 80), "lseek": (8, 62),
    "munmap": (11, 215), "brk": (12, 214), "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139), "pread64": (17, 67), "pwrite64": (18, 68), "readv": (19, 65),
    "writev": (20, 66), "sched_yield": (24, 124), "mremap": (25, 216), "madvise": (28, 233),
    "getpid": (39, 172), "exit": (60, 93), "fcntl": (72, 25), "gettimeofday": (96, 169),
    "times": (100, 153), "sysinfo": (99, 179), "getuid": (102, 174), "getgid": (104, 176),
    "geteuid": (107, 175), "getegid": (108, 177), "sigaltstack": (131, 132), "gettid": (186, 178),
    "futex": (202, 98), "sched_getaffinity": (204, 123), "set_tid_address": (218, 96),
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "clock_nanosleep": (230, 115),
    "exit_group": (231, 94), "set_robust_list": (273, 99), "getrandom": (318, 278),
    "membarrier": (324, 283), "rseq": (334, 293), "nanosleep": (35, 101), "getcpu": (309, 168),
    "restart_syscall": (219, 128), "uname": (63, 160),
}  # fmt: skip
# AUDIT_ARCH, the column of the table above, then mmap, mprotect, clone, clone3.
_MACHINES: Final = {
    "x86_64": (0xC000003E, 0, 9, 10, 56, 435),
    "aarch64": (0xC00000B7, 1, 222, 226, 220, 435),
}


class Unconfined(Exception):
    """The kernel offers neither lock, so nothing hostile may be parsed here."""


def available() -> tuple[str, ...]:
    """The names of the locks that this kernel offers; empty where evidence has to wait."""
    if platform.system() != "Linux":
        return ()
    locks = ("landlock",) if _landlock_version() > 0 else ()
    return (*locks, "seccomp") if _seccomp_is_there() else locks


def lock() -> tuple[str, ...]:
    """Closes both locks on this process and its later threads, and returns those that hold.

    Raises Unconfined when neither does. Cannot be undone. Call it before any thread is started.
    """
    if platform.system() != "Linux":
        raise Unconfined
    _libc().prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    held = tuple(name for name, close in (("landlock", _forbid_paths), ("seccomp", _forbid_calls)) if close())
    if not held:
        raise Unconfined
    return held


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _landlock_version() -> int:
    return int(_libc().syscall(_LANDLOCK_CREATE, None, ctypes.c_size_t(0), _LANDLOCK_VERSION))


def _forbid_paths() -> bool:
    version = _landlock_version()
    if version < 1:
        return False
    rights = struct.pack(
        "QQQ",
        _FILE_RIGHTS[min(version, 5)],
        _TCP_RIGHTS if version >= 4 else 0,
        _SCOPES if version >= 6 else 0,
    )
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = _libc().syscall(_LANDLOCK_CREATE, rights, ctypes.c_size_t(size), 0)
    if ruleset < 0:
        return False
    try:
        return int(_libc().syscall(_LANDLOCK_RESTRICT, ruleset, 0)) == 0
    finally:
        os.close(ruleset)


def _seccomp_is_there() -> bool:
    # PR_GET_SECCOMP answers -1 where the kernel was built without it.
    return platform.machine() in _MACHINES and int(_libc().prctl(21, 0, 0, 0, 0)) >= 0


def _forbid_calls() -> bool:
    if platform.machine() not in _MACHINES:
        return False
    code = b"".join(_program())
    buffer = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("HxxxxxxP", len(code) // 8, ctypes.addressof(buffer))
    return int(_libc().prctl(_SET_SECCOMP, _FILTER_MODE, program, 0, 0)) == 0


def _program() -> list[bytes]:
    """The filter: another architecture dies, listed calls pass, the rest answers "not permitted"."""
    architecture, column, mmap, mprotect, clone, clone3 = _MACHINES[platform.machine()]
    steps = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, architecture, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _CALL),
    ]
    for numbers in _ALLOWED.values():
        steps += [_step(_EQUAL, numbers[column], 0, 1), _step(_RETURN, _ALLOW)]
    # clone3 hides its flags behind a pointer; told that it does not exist, libc takes clone.
    steps += [_step(_EQUAL, clone3, 0, 1), _step(_RETURN, _NO_SUCH_CALL)]
    steps += _if_bits(clone, argument=0, bits=_THREAD, then=_ALLOW, otherwise=_REFUSE)
    for number in (mmap, mprotect):
        steps += _if_bits(number, argument=2, bits=_EXECUTABLE, then=_REFUSE, otherwise=_ALLOW)
    return [*steps, _step(_RETURN, _REFUSE)]


def _if_bits(number: int, *, argument: int, bits: int, then: int, otherwise: int) -> list[bytes]:
    return [
        _step(_EQUAL, number, 0, 4),
        _step(_LOAD, _ARGUMENTS + 8 * argument),  # the lower half: both machines are little-endian
        _step(_ANY_BIT, bits, 0, 1),
        _step(_RETURN, then),
        _step(_RETURN, otherwise),
    ]


def _step(code: int, value: int, when_true: int = 0, when_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, when_true, when_false, value)
