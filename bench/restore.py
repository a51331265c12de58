"""RPO and RTO: a machine with many cases is saved, written to and lost; what is gone, how long it takes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from bench.outcome import Outcome, seconds
from devserver import home
from tests.operations.machine import PROJECT, Machine, on

SIZES: Final = (1_000_000,)  # cases
RPO: Final = 60.0  # seconds, promised
RTO: Final = 15 * 60.0
_WRITING: Final = 75.0  # seconds: several shipments of WAL
_FILL: Final = (
    "import sys, django; django.setup()\n"
    "from bench import desk\n"
    "desk.fill(int(sys.argv[1]) * desk.PER_CASE)\n"
)
# A row a quarter of a second, each committed before its time is printed.
_WRITE: Final = (
    "import sys, time, django; django.setup()\n"
    "from aduan.core import jobs\n"
    "from aduan.monitoring.services import record_task_run\n"
    "while True:\n"
    "    at = jobs.now(); record_task_run('newest', error='', at=at)\n"
    "    print(at.timestamp(), flush=True); time.sleep(0.25)\n"
)
_NEWEST: Final = (
    "import django; django.setup()\n"
    "from aduan.cases.models import Case\n"
    "from aduan.monitoring.models import TaskRun\n"
    "print(TaskRun.objects.get(task='newest').succeeded_at.timestamp(), Case.objects.count())\n"
)


def measure(size: int) -> Outcome:
    folder = Path(tempfile.mkdtemp(prefix="aduan-bench-restore-"))
    folder.chmod(0o755)
    machine = Machine(folder)
    try:
        machine.start()
        filling = seconds(lambda: machine.run("-c", _FILL, str(size), patience=3600))
        base = seconds(lambda: machine.manage("backup", "base", patience=3600))
        last = _write_until_it_burns(machine)
        data = folder / "restored"
        said: list[str] = []
        rto = seconds(lambda: said.append(machine.restore("--to", str(data), patience=3600)))
        newest, cases = on(data, machine, lambda **more: machine.run("-c", _NEWEST, **more).stdout.split())
        lost = last - float(newest)
    finally:
        machine.server.destroy()
        home.forget(folder / "machine" / ".aduan")
        size_of_set = _bytes(folder / "elsewhere") / 1e6
        shutil.rmtree(folder, ignore_errors=True)
    return Outcome(
        title="lost writes and time to a verified state after a fire",
        runs=1,
        median_ratio=rto / RTO,
        floor=RTO,
        limit=1.0,
        sense="most",
        also_holds=lost <= RPO and int(cases) == size,
        rows=[
            ("cases restored", f"{int(cases):,}"),
            ("filling", f"{filling:.0f} s"),
            ("base backup, encrypted", f"{base:.0f} s"),
            ("the backup set", f"{size_of_set:,.0f} MB"),
            ("RPO: confirmed writes that were lost", f"{lost:.1f} s"),
            ("RTO: from the command to a verified state", f"{rto:.0f} s"),
        ],
        more={"rpo_seconds": round(lost, 1), "rto_seconds": round(rto), "base_seconds": round(base)},
    )


def _write_until_it_burns(machine: Machine) -> float:
    """Streams WAL and writes for a while, then kills everything at once. The time of the last commit."""
    environment = os.environ | machine.environment
    log = machine.folder / "written"
    with log.open("wb") as out:
        programs = [
            subprocess.Popen([sys.executable, "manage.py", "backup", "wal"], cwd=PROJECT, env=environment),
            subprocess.Popen([sys.executable, "-c", _WRITE], cwd=PROJECT, env=environment, stdout=out),
        ]
        time.sleep(_WRITING)
        for program in programs:
            program.kill()
        for program in programs:
            program.wait()
    machine.server.stop()
    shutil.rmtree(machine.folder / "state", ignore_errors=True)
    return float(log.read_text().split()[-1])


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
