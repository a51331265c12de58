"""`python -m portal.tasks.workers [queue[=slots] ...]`: one Celery worker a queue, restarted when it dies.

Beside the worker of lists runs the loop of urgent lists (portal.tasks.fast_lists), which needs no broker: it
goes on while that worker, without Valkey, dies and is started again.

Without arguments: every queue, with the slots of ADUAN_WORKER_SLOTS (such as "lists=2,evidence=4") and one
slot for those it does not name; `--only=lists` and `--without=lists` take some of them with these slots. The
program is imported once; the workers are forked from it and share its memory. A worker that dies is started
again; when one dies five times within a minute all end with status 1.
"""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import structlog

from portal.tasks.queues import Queue

log = structlog.get_logger(__name__)
MAX_DEATHS = 5
WITHIN = 60.0  # seconds
_PAUSE = 1.0  # seconds before a worker that died is started again
_LONG_PAUSE = 10.0  # the same for one that keeps dying while the loop goes on
_PR_SET_PDEATHSIG = 1


class UnknownQueue(ValueError):
    """A queue or a number of slots that cannot be."""


@dataclass(slots=True)
class Worker:
    """The processes of one queue."""

    queue: Queue
    slots: int
    deaths: list[float] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"the worker of {self.queue}"

    def work(self, loglevel: str) -> None:
        from aduan.celery import app

        app.worker_main(self.command(loglevel))

    def command(self, loglevel: str) -> list[str]:
        return [
            *("--quiet", "worker"),  # no banner: a log has one object a line
            *("--queues", self.queue.broker_name),
            *("--concurrency", str(self.slots)),
            *("--hostname", f"{self.queue}@{socket.gethostname()}"),
            *("--loglevel", loglevel),
            *("--without-gossip", "--without-mingle"),
        ]


@dataclass(slots=True)
class FastLoop:
    """The process that publishes holds and removals within seconds."""

    name: str = "the loop of urgent lists"
    deaths: list[float] = field(default_factory=list)

    def work(self, _loglevel: str) -> None:
        import django

        from portal.tasks import fast_lists

        django.setup()
        fast_lists.run()


def slots_of(texts: Iterable[str]) -> dict[Queue, int]:
    """Reads "lists=2": {Queue.LISTS: 2}. Raises UnknownQueue."""
    found = {}
    for text in filter(None, (text.strip() for text in texts)):
        name, _equals, number = text.partition("=")
        if name not in list(Queue) or not (number or "1").isdigit() or int(number or "1") < 1:
            raise UnknownQueue(
                f"{text!r}: write one of {', '.join(Queue)}, with the number of its slots: lists=2"
            )
        found[Queue(name)] = int(number or "1")
    return found


def planned(arguments: list[str], setting: str) -> list[Worker]:
    """The workers to run: those of the arguments, otherwise all."""
    slots = slots_of(setting.split(","))
    option, _equals, names = arguments[0].partition("=") if len(arguments) == 1 else ("", "", "")
    if option in ("--only", "--without"):
        chosen = slots_of(names.split(","))
        return [
            Worker(queue, slots.get(queue, 1)) for queue in Queue if (queue in chosen) == (option == "--only")
        ]
    named = slots_of(arguments)
    if named:
        return [Worker(queue, number) for queue, number in named.items()]
    return [Worker(queue, slots.get(queue, 1)) for queue in Queue]


def programs_of(workers: list[Worker]) -> list[Worker | FastLoop]:
    """The workers, and the loop where lists are signed."""
    signs = any(worker.queue == Queue.LISTS for worker in workers)
    return [*workers, FastLoop()] if signs else [*workers]


class Supervisor:
    """Forks the workers and stays until it is asked to stop."""

    def __init__(self, programs: Sequence[Worker | FastLoop], loglevel: str) -> None:
        self.programs = programs
        self.loglevel = loglevel
        self.running: dict[int, Worker | FastLoop] = {}
        self.leaving = False

    def run(self) -> int:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._leave)
        for program in self.programs:
            self._start(program)
        while self.running:
            pid, status = os.wait()
            program = self.running.pop(pid)
            if self.leaving:
                continue
            log.warning("worker_ended", worker=program.name, status=status)
            pause = _PAUSE
            if keeps_dying(program, time.monotonic()):
                if isinstance(program, FastLoop) or not self._loop_runs():
                    log.error("worker_keeps_dying", worker=program.name)
                    self._end_all()
                    return 1
                pause = _LONG_PAUSE
            time.sleep(pause)
            if not self.leaving:
                self._start(program)
        return 0

    def _loop_runs(self) -> bool:
        """Then a worker that has lost its broker must not take the loop along, which needs none."""
        return any(isinstance(program, FastLoop) for program in self.running.values())

    def _start(self, program: Worker | FastLoop) -> None:
        pid = os.fork()
        if pid == 0:
            _become(program, self.loglevel)
        self.running[pid] = program

    def _leave(self, number: int, _frame: object) -> None:
        self.leaving = True
        self._signal(number)

    def _signal(self, number: int) -> None:
        for pid in self.running:
            os.kill(pid, number)

    def _end_all(self) -> None:
        self.leaving = True
        self._signal(signal.SIGTERM)
        while self.running:
            self.running.pop(os.wait()[0])


def keeps_dying(program: Worker | FastLoop, now: float) -> bool:
    """Whether it has died too often of late, this time included."""
    program.deaths = [moment for moment in program.deaths if now - moment < WITHIN] + [now]
    return len(program.deaths) >= MAX_DEATHS


def _become(program: Worker | FastLoop, loglevel: str) -> None:
    """In the forked process: be a worker or the loop, and end when the supervisor is killed."""
    status = 1
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        program.work(loglevel)
        status = 0
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else bool(ended.code)
    finally:
        sys.stderr.flush()
        os._exit(status)


def main(arguments: list[str]) -> int:
    from django.conf import settings

    from aduan.celery import app

    try:
        workers = planned(arguments, settings.WORKER_SLOTS)
    except UnknownQueue as error:
        sys.stderr.write(f"{error}\n")
        return 2
    app.loader.import_default_modules()  # once, before the fork
    return Supervisor(programs_of(workers), settings.WORKER_LOG_LEVEL).run()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aduan.settings")
    sys.exit(main(sys.argv[1:]))
