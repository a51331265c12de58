"""What every benchmark stands on: a durable PostgreSQL of its own, clocks, memory, and the form of a
result."""

from __future__ import annotations

import atexit
import json
import os
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(slots=True)
class Result:
    """One promise, measured. `ratio` means what `unit` says; `holds` is None when nothing was promised
    here."""

    promise: str
    size: int
    runs: list[float]
    median_ratio: float
    floor: float
    limit: float
    holds: bool | None
    more: dict[str, Any] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        own = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "more"}
        return {**own, **self.more}

    def write(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        text = json.dumps(self.as_dict(), indent=2, default=str)
        (folder / f"{self.promise}-{self.size}.json").write_text(text + "\n", encoding="utf-8")

    def as_text(self) -> str:
        verdict = {True: "holds", False: "DOES NOT HOLD", None: "measured"}[self.holds]
        lines = [f"\n{self.promise}, size {self.size:,}: {verdict}"]
        lines += [
            f"  {name:<34} {_shown(value)}" for name, value in self.as_dict().items() if name != "promise"
        ]
        return "\n".join(lines)


def _shown(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:,.3f}"
    if isinstance(value, list) and all(isinstance(one, float) for one in value):
        return ", ".join(f"{one:.3f}" for one in value)
    return str(value)


def durable_database() -> None:
    """Start a PostgreSQL with fsync on, in a folder of its own, migrate it and set Django up on it."""
    from portal.embedded import postgres
    from portal.embedded.home import server_account

    home = Path(tempfile.mkdtemp(prefix="aduan-bench-"))
    server_account().own(home)
    server = postgres.server(home, throwaway=False)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    atexit.register(server.destroy)
    server.start()
    os.environ |= {
        "ADUAN_MODE": "embedded",
        "ADUAN_HOME": str(home),
        "DATABASE_URL": server.url,
        "REDIS_URL": "redis://127.0.0.1:1",
        "DJANGO_SETTINGS_MODULE": "aduan.settings",
        "LOG_LEVEL": "ERROR",
    }
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)


def timed(act: Callable[[], object]) -> float:
    """Seconds by the wall."""
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def median_of(act: Callable[[], object], *, runs: int) -> tuple[float, list[float]]:
    times = [timed(act) for _ in range(runs)]
    return statistics.median(times), times


def peak_mebibytes() -> float:
    """The most memory this process ever held (resident, mapped files included)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
