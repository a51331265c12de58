"""The reference client is killed at every step of putting a new list into place: old or new, never half."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.aduan.blocklists.served import CLIENT, Answers, Receiver, client, serving
from tests.bounds import proved

pytestmark = [pytest.mark.django_db, pytest.mark.faults]
OLD, NEW = ["6281200000001", "6281200000002"], ["6281200000002", "6281200000003"]
# Runs the client and kills it (SIGKILL) right before its n-th touch of a file below the state folder.
DRIVER = """
import os, runpy, signal, sys
left, state, client = int(sys.argv[1]), sys.argv[2], sys.argv[3]
done, TOUCHING = 0, ("open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.symlink")
def watch(event, facts):
    global done
    if event in TOUCHING and state in str(facts):
        done += 1
        if done == left:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(watch)
sys.argv = sys.argv[3:]
try:
    runpy.run_path(client, run_name="__main__")
finally:
    print("steps", done)
"""


def steps_until(number: int, victim: Receiver, url: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", DRIVER, str(number), str(victim.state), str(CLIENT), "--url", url]
    command += ["--operator", victim.operator, "--root", str(victim.root), "--state", str(victim.state)]
    environment = {**os.environ, "ADUAN_KEY": "test"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("kills", [8, pytest.param(100, marks=pytest.mark.slow)])
def test_a_kill_during_the_swap_leaves_the_old_list_or_the_new_one(
    receiver: Receiver,
    two_lists: list[Answers],
    tmp_path: Path,
    kills: int,
) -> None:
    with serving(two_lists[0]) as server:
        assert receiver.fetch(server.url) == client.OK
        server.answers = two_lists[1]

        def victim(name: str) -> Receiver:
            made = Receiver(tmp_path / name, receiver.operator, receiver.root.read_bytes())
            shutil.copytree(receiver.state, made.state, symlinks=True)
            return made

        whole = steps_until(0, victim("whole"), server.url)
        assert whole.returncode == client.OK, whole.stderr
        steps = int(whole.stdout.split()[-1])
        seen = []
        for kill in range(kills):
            killed = victim(f"killed-{kill}")
            step = 1 + (kill * steps // kills if kills < steps else kill % steps)
            assert steps_until(step, killed, server.url).returncode == -signal.SIGKILL, step
            assert killed.blocked in (OLD, NEW), f"step {step}: {killed.blocked}"
            seen.append(killed.blocked)
            assert killed.fetch(server.url) == client.OK, f"step {step}: {killed.said}"
            assert killed.blocked == NEW
            shutil.rmtree(killed.state.parent)
    assert OLD in seen
    assert NEW in seen, "the last steps come after the switch of the link"
    proved(kills, "kills of the client between two lists")


def test_what_a_kill_left_of_the_link_stops_no_later_run(
    receiver: Receiver,
    two_lists: list[Answers],
) -> None:
    """Seen to fail on 0.3.0: link and numbers had one name on their way, so every run ended with 6."""
    with serving(two_lists[0]) as server:
        assert receiver.fetch(server.url) == client.OK
        for link in ("current", "in-force", "taken"):
            (receiver.state / f"{link}.new").symlink_to((receiver.state / link).readlink())
        server.answers = two_lists[1]
        assert receiver.fetch(server.url) == client.OK, receiver.said
        assert receiver.blocked == NEW
