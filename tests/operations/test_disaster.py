"""DL3, DL4, LK4: the machine is lost; the backup set, the journal and the offline key bring it back.

Before, there was no command: a dump that an administrator had made brought every erased person back.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import re
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError

from devserver import home
from portal.management.backup import recovery, sealing
from tests.operations.machine import Machine, on
from tests.operations.restored_state import CANARY

pytestmark = pytest.mark.faults
PROJECT = home.PROJECT


@pytest.fixture(scope="module")
def lost() -> Iterator[Machine]:
    """A machine that was backed up, lived on, and burned. Made once: a server takes seconds."""
    # Not pytest's folder: that is closed to the account of the server.
    folder = Path(tempfile.mkdtemp(prefix="aduan-disaster-"))
    folder.chmod(0o755)
    machine = Machine(folder)
    try:
        machine.start()
        machine.act("first")
        machine.manage("backup", "base")
        machine.environment["BEFORE"] = str(machine.state()["now"])
        machine.act("later")
        machine.manage("backup", "files")
        machine.manage("backup", "wal", "--once")
        yield machine
    finally:
        machine.server.destroy()
        home.forget(folder / "machine" / ".aduan")
        shutil.rmtree(folder, ignore_errors=True)


def test_nothing_in_the_backup_can_be_read_without_the_offline_key(lost: Machine) -> None:
    for folder in ("elsewhere", "third place", "safe"):
        for path in (lost.folder / folder).rglob("*"):
            if path.is_file():
                assert CANARY.encode() not in path.read_bytes(), path
                assert path.suffix in (".age", ".json") or "heads" in path.parts, path


def test_a_drill_proves_the_set_and_touches_nothing(lost: Machine) -> None:
    before = lost.state()
    said = lost.restore("--drill")
    assert "verified:" in said
    assert "2 evidence files" in said
    assert "RPO:" in said
    assert "RTO:" in said
    after = lost.state()
    assert {**before, "now": 0} == {**after, "now": 0}


def test_a_damaged_object_fails_the_drill(lost: Machine) -> None:
    victim = next(iter((lost.folder / "elsewhere" / "set" / "evidence").rglob("*.original.age")))
    whole, saved = victim.read_bytes(), victim.stat()
    victim.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    said = lost.restore("--drill", fails=True)
    victim.write_bytes(whole)
    os.utime(victim, ns=(saved.st_atime_ns, saved.st_mtime_ns))  # later tests ask when it was saved
    assert victim.name in said


def test_a_lost_vault_key_judges_nothing_and_comes_back_from_the_safe(lost: Machine) -> None:
    """Evidence that waits cannot be read with another key: it waits on, until the saved one is put back."""
    other = base64.b64encode(os.urandom(32)).decode()
    assert json.loads(lost.act("examine", ADUAN_VAULT_KEYS=other)) == ["quarantined"]
    [saved, *_older] = sorted((lost.folder / "safe").glob("*.age"), reverse=True)
    content = json.loads(sealing.open_bytes(saved, sealing.identity_from(lost.identity)))
    found = lost.act("examine", ADUAN_VAULT_KEYS=content["ADUAN_VAULT_KEYS"], DAYS="1")
    assert json.loads(found) == ["clean"]


def test_a_lost_evidence_store_is_filled_again_from_the_set(lost: Machine) -> None:
    """A new, empty mount is not taken for ours until a person says so."""
    store = Path(lost.state()["store"])
    shutil.rmtree(store)
    said = lost.manage("evidence_store", fails=True)
    assert "unmarked" in said.stderr
    lost.manage("evidence_store", "--adopt")
    assert "restored: " in lost.restore("--files")
    assert lost.state()["evidence"] == [False, True, False, True]


def test_after_the_fire_an_older_state_comes_back_without_the_erased_and_the_released(lost: Machine) -> None:
    """To a second before the erasure: only the journal knows of it."""
    assert lost.state()["evidence"].count(True) == 2
    lost.server.stop()
    shutil.rmtree(lost.folder / "state")
    data = lost.folder / "older"
    said = lost.restore("--to", str(data), "--until", lost.environment["BEFORE"])
    assert "replayed: 1 erasures, 1 releases" in said
    found = on(data, lost, lost.state)
    assert (found["complaints"], found["erased"], found["of Sari"], found["her words"]) == (3, 1, 0, 0)
    assert found["wrapped keys"] == 0  # only Sari had left a contact
    assert found["in force"] == 0
    assert found["evidence"] == [False, True, False]  # hers is gone; the last never had a file


def test_after_the_fire_the_newest_state_comes_back_whole(lost: Machine) -> None:
    lost.server.stop()
    shutil.rmtree(lost.folder / "state", ignore_errors=True)
    data = lost.folder / "newest"
    lost.restore("--to", str(data))
    found = on(data, lost, lost.state)
    assert (found["complaints"], found["erased"], found["in force"]) == (4, 1, 0)
    assert found["evidence"] == [False, True, False, True]
    lost.restore("--to", str(data), fails=True)  # nothing is overwritten


def test_a_picture_that_came_after_the_last_save_is_named_and_stops_no_restore(lost: Machine) -> None:
    """Files are saved every five minutes: after most fires one was missing, and the restore ended there."""
    lost.server.stop()
    place, before = Path(tempfile.mkdtemp(dir=lost.folder)), lost.environment["BEFORE"]
    place.chmod(0o755)
    root = Path(shutil.copytree(lost.environment["ADUAN_BACKUP_ROOT"], place / "set"))
    since = dt.datetime.fromisoformat(before).timestamp()
    for saved in [path for path in (root / "evidence").rglob("*.age") if path.stat().st_mtime > since]:
        saved.unlink()  # as if it had not been saved yet
    (root / "files-saved.json").unlink()

    def restored(name: str, *words: str, fails: bool = False) -> tuple[Path, str]:
        shutil.rmtree(lost.folder / "state", ignore_errors=True)
        data = place / f"{name}-{place.name}"
        return data, lost.restore("--from", str(root), "--to", str(data), *words, fails=fails)

    _data, said = restored("missing", fails=True)
    assert "evidence" in said
    assert "does not hold" in said
    restored("despite", "--despite-flaws")
    (root / "files-saved.json").write_text(json.dumps({"at": before}))
    data, said = restored("since")
    assert re.search(
        r"lost: a file of a complaint of case \d+, which came after files were saved last", said
    ), said
    assert on(data, lost, lost.state)["evidence"] == [False, True, False, False]


@pytest.mark.parametrize(
    ("name", "kind", "link"),
    [("../outside", b"0", ""), ("pg_wal", b"2", "/etc"), ("/etc/passwd", b"0", ""), ("pipe", b"6", "")],
)
def test_a_base_backup_that_leads_out_of_its_folder_is_refused(
    tmp_path: Path, name: str, kind: bytes, link: str
) -> None:
    """Without tarfile's filter: Python 3.11.2 of Debian 12 has none, and every restore failed there."""
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, link
    with tarfile.open(tmp_path / "base.tar", "w") as archive:
        archive.addfile(member)
    with tarfile.open(tmp_path / "base.tar") as archive, pytest.raises(CommandError):
        recovery._refuse_names_outside(archive, tmp_path / "data")
