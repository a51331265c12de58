"""The servers of the tests: started when needed, kept for the next run, stopped when no run needs them."""

import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from devserver import home, idle, postgres, testing, valkey
from devserver.addresses import database_url, redis_url
from devserver.commands import run as run_command
from tests.database import fingerprint, is_running


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of another checkout's servers, and the environment of a run there."""
    folder = home.prepare(tmp_path / "kept")
    monkeypatch.setenv("ADUAN_TEST_HOME", str(folder))
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.setenv(name, testing.addresses()[name])
    monkeypatch.setattr(testing, "_held", [])
    monkeypatch.setattr(testing, "_started", [])
    yield folder
    testing.stop(destroy=True)


@pytest.mark.faults
def test_servers_are_kept_between_runs_and_stopped_when_idle(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(testing, "_watch", lambda _place: None)  # the test is the watcher
    testing.start()
    pid_file = valkey.server(place, throwaway=True).data / "valkey.pid"
    first = pid_file.read_text(encoding="ascii")
    monkeypatch.setattr(testing, "_started", [])  # the next run
    testing.start()
    assert pid_file.read_text(encoding="ascii") == first
    with (place / "in-use.lock").open("a") as other, pytest.raises(BlockingIOError):
        fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)

    testing._held.pop().close()  # the run ends
    monkeypatch.setattr(idle, "POLL_SECONDS", 0.1)
    idle.main(place, throwaway=False, idle_seconds=0.2)
    assert not postgres.server(place, throwaway=True).running()
    assert not valkey.server(place, throwaway=True).running()
    assert place.exists()


def test_two_checkouts_have_servers_of_their_own(tmp_path: Path) -> None:
    assert database_url(tmp_path / "one") != database_url(tmp_path / "two")
    assert redis_url(tmp_path / "one") != redis_url(tmp_path / "two")


def test_a_run_is_known_by_pid_and_start_time() -> None:
    assert is_running(testing.run_id())
    assert not is_running(f"{os.getpid()}x1")
    assert not is_running("main")


def test_the_migrated_database_is_known_by_what_it_depends_on() -> None:
    assert fingerprint() == fingerprint()
    assert len(fingerprint()) == 16


@pytest.mark.parametrize("command", ["up", "dev"])
def test_the_state_of_an_older_version_is_refused_with_the_way_out(
    tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "embedded.json").write_text('{"ADUAN_MODE": "embedded"}', encoding="ascii")
    monkeypatch.setenv("ADUAN_HOME", str(tmp_path))
    assert run_command(command) == 1
    said = capsys.readouterr().err
    assert "made by an older version" in said
    assert "make reset" in said


def test_the_state_of_this_version_is_taken(tmp_path: Path) -> None:
    home.write_marker(tmp_path, {"ADUAN_ENV": "demo"})
    home.refuse_other_version(tmp_path)
    assert home.read_marker(tmp_path) == {"ADUAN_ENV": "demo"}


@pytest.mark.parametrize(
    ("made", "age"), [(home.STATE_FORMAT - 1, "an older"), (home.STATE_FORMAT + 1, "another")]
)
def test_the_state_of_other_migrations_is_refused(
    made: int, age: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(home, "STATE_FORMAT", made)
    home.write_marker(tmp_path, {"ADUAN_ENV": "demo"})
    monkeypatch.undo()
    with pytest.raises(home.EmbeddedError, match=f"made by {age} version .* `make reset`"):
        home.refuse_other_version(tmp_path)


def test_down_leaves_the_servers_of_a_run_alone(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ADUAN_HOME", str(place.parent / "nothing-here"))
    monkeypatch.setattr(testing, "_watch", lambda _place: None)
    testing.start()
    assert run_command("down") == 0
    assert "they go on" in capsys.readouterr().out
    assert postgres.server(place, throwaway=True).running()
    testing._held.pop().close()  # the run ends
    assert run_command("down") == 0
    assert "stopped the servers of the tests" in capsys.readouterr().out
    assert not postgres.server(place, throwaway=True).running()
