"""What a process holds in memory, by the kernel's account of it."""

from __future__ import annotations

from pathlib import Path

NOW, AT_MOST = "VmRSS", "VmHWM"  # of /proc/PID/status


def megabytes(what: str, pid: int | str = "self") -> float:
    """Now, or at most since the process began to run its program.

    Not `getrusage`, whose peak of a child begins with the memory of its parent at the moment of the fork.
    """
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace")
    line = next(line for line in status.splitlines() if line.startswith(f"{what}:"))
    return int(line.split()[1]) / 1000
