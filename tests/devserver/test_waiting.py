"""A slow machine is waited for; a dead process is not."""

import os
import signal
import subprocess
import sys

import pytest

from devserver.waiting import run_patiently, wait_until


class Clock:
    """A clock that moves only by pauses."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds


def test_an_hour_is_waited_while_the_process_lives(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    answered = wait_until(
        lambda: clock.now > 3600, alive=lambda: True, what="the web server", clock=clock, pause=clock.pause
    )
    said = capsys.readouterr().out.splitlines()
    assert answered
    assert said[0] == "aduan: still waiting for the web server (10 s)"
    assert 300 < len(said) <= 360


def test_nothing_is_said_when_it_is_quick(capsys: pytest.CaptureFixture[str]) -> None:
    clock = Clock()
    assert wait_until(
        lambda: clock.now > 5, alive=lambda: True, what="anything", clock=clock, pause=clock.pause
    )
    assert capsys.readouterr().out == ""


def test_a_dead_process_is_not_waited_for() -> None:
    clock = Clock()
    assert not wait_until(
        lambda: False, alive=lambda: clock.now < 30, what="anything", clock=clock, pause=clock.pause
    )
    assert clock.now < 31


def test_a_stopped_program_is_waited_for_until_it_goes_on(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It stops itself; the reader of the third notice lets it go on."""
    monkeypatch.setattr("devserver.waiting.NOTICE_SECONDS", 0.1)
    slow = "import os, signal; os.kill(os.getpid(), signal.SIGSTOP); print('done')"
    notices: list[str] = []

    def note(text: str) -> None:
        notices.append(text)
        if len(notices) == 3:
            for line in subprocess.run(
                ["ps", "-o", "pid=,stat=", "--ppid", str(os.getpid())],
                capture_output=True,
                text=True,
                check=True,
            ).stdout.splitlines():
                pid, state = line.split()
                if state.startswith("T"):
                    os.kill(int(pid), signal.SIGCONT)

    monkeypatch.setattr("devserver.waiting.say", note)
    done = run_patiently(
        [sys.executable, "-c", slow], environment=os.environ, account={}, what="a slow program"
    )
    assert done.returncode == 0
    assert done.stdout.endswith("done\n")
    assert notices[0].startswith("still waiting for a slow program")
    assert len(notices) >= 3


def test_what_a_program_says_when_it_fails_is_kept() -> None:
    command = [sys.executable, "-c", "import sys; print('out'); print('why', file=sys.stderr); sys.exit(3)"]
    done = run_patiently(command, environment=os.environ, account={}, what="a failing program")
    assert (done.returncode, done.stdout, done.stderr) == (3, "out\n", "why\n")
