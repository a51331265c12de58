"""After a fire: the new machine gets the secrets of the lost one, and its account what root restored."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from manage import needs_no_servers
from portal.management.backup import files, sealing

SAVED = {
    "ADUAN_SECRET_KEY": "the secret",
    "ADUAN_VAULT_KEYS": "1:key",
    "ADUAN_BLIND_INDEX_KEY": "",
    "keys/hold-1.pem": "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n",
}


@pytest.fixture
def saved(tmp_path: Path, settings) -> tuple[Path, Path]:
    """The file of the safe, and the offline key."""
    secret, settings.BACKUP_RECIPIENT = sealing.new_identity()
    (tmp_path / "offline.key").write_text(f"# offline\n{secret}\n")
    sealing.seal_bytes(json.dumps(SAVED).encode(), tmp_path / "safe.json.age")
    return tmp_path / "safe.json.age", tmp_path / "offline.key"


def _restore(saved: tuple[Path, Path], to: Path, **more: str) -> None:
    call_command("restore_secrets", str(saved[0]), identity=saved[1], to=to, **more)


def test_secrets_lie_where_the_parts_read_them_closed_to_others(saved, tmp_path: Path):
    """`age -d` printed JSON with the names of variables, and nothing said where they belong."""
    to = tmp_path / "etc/secrets"
    _restore(saved, to)
    found = {str(path.relative_to(to)): path.read_text() for path in to.rglob("*") if path.is_file()}
    assert found == {
        "secret_key": "the secret\n",
        "vault_keys": "1:key\n",
        "keys/hold-1.pem": SAVED["keys/hold-1.pem"],
    }
    assert {stat.S_IMODE((to / name).stat().st_mode) for name in found} == {0o400}
    _restore(saved, to)  # once more: all is kept


def test_no_secret_of_another_installation_is_replaced(saved, tmp_path: Path):
    (tmp_path / "vault_keys").write_text("1:another\n")
    with pytest.raises(CommandError, match="vault_keys is there with other contents"):
        _restore(saved, tmp_path)
    assert not (tmp_path / "secret_key").exists()


def test_another_offline_key_opens_nothing(saved, tmp_path: Path):
    (tmp_path / "offline.key").write_text(sealing.new_identity()[0])
    with pytest.raises(CommandError, match="does not decrypt"):
        _restore(saved, tmp_path / "to")
    assert not (tmp_path / "to").exists()


def test_it_runs_on_a_machine_that_has_no_settings_yet():
    assert needs_no_servers(["restore_secrets", "file", "--identity", "offline.key"])


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away: run it as root")
def test_what_root_restored_belongs_to_the_application(tmp_path: Path, settings):
    """Evidence that came back belonged to root: the portal showed none of it."""
    owner = 10001
    home = settings.ADUAN_HOME = tmp_path / "state"
    settings.PUBLISH_ROOT = home / "lists"
    evidence = home / "media/evidence"
    settings.STORAGES = settings.STORAGES | {
        "evidence": settings.STORAGES["evidence"] | {"OPTIONS": {"location": str(evidence)}}
    }
    restored = (evidence / "ab/x.original", home / "lists/telkomsel/1/list.csv")
    for path in restored:
        path.parent.mkdir(parents=True)
        path.touch()
    os.chown(home, owner, owner)
    (home / "secret-of-root").touch()
    files.give_to_account()
    assert {path.stat().st_uid for path in (*restored, *(one.parent for one in restored))} == {owner}
    assert (home / "media").stat().st_uid == owner
    assert (home / "secret-of-root").stat().st_uid == 0
