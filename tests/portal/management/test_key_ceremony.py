"""The offline key ceremony with real files: the machine that publishes holds no key of root or targets."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from aduan.accounts.models import User
from aduan.blocklists import queries, signing
from aduan.blocklists.models import BlockList, SignatureRequest, TufMetadata
from aduan.blocklists.services import build_first, build_missing, keys, publish_due
from aduan.core import jobs
from aduan.core.periods import last_ended
from aduan.operators.models import Operator
from tests.factories.blocklists import a_block

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).parents[3]


@pytest.fixture
def safe(telkomsel: Operator, tmp_path: Path, settings) -> Path:
    """Where the holders keep their keys: off the machine, as soon as they are made."""
    settings.KEYS_DIR = tmp_path / "keys"
    settings.PUBLISH_ROOT = tmp_path / "lists"
    call_command("keys", "create")
    safe = tmp_path / "safe"
    safe.mkdir()
    for path in settings.KEYS_DIR.glob("*.pem"):
        if path.name.startswith(("root-", "targets-")) and not path.name.endswith(".pub.pem"):
            path.rename(safe / path.name)
    return safe


def requested(folder: Path) -> Path:
    """The one page that waits for signatures, as a file."""
    call_command("keys", "request", str(folder))
    (page,) = folder.iterdir()
    return page


def sign(page: Path, key: Path, *more: str) -> str:
    """On the holder's machine: it has the program and the key, and no way to any database or server.

    Returns what the holder reads.
    """
    nowhere = {
        "DATABASE_URL": "postgres://nobody@127.0.0.1:9/none",
        "REDIS_URL": "redis://127.0.0.1:9",
        "ADUAN_KEYS_DIR": str(page.parent / "no-keys"),
    }
    command = [sys.executable, "manage.py", "keys", "sign", "--key", str(key), *more, str(page)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | nowhere, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_list_waits_for_two_of_three_holders(
    safe: Path, telkomsel: Operator, budi: User, citra: User, tmp_path: Path
) -> None:
    at = jobs.now()
    a_block(telkomsel, by=(budi, citra), at=at)
    (built,) = build_missing(at=at, until=last_ended(at))
    assert built.state == BlockList.State.AWAITING_PUBLICATION
    page = requested(tmp_path / "courier")
    assert page.name.endswith(".telkomsel.json")

    sign(page, safe / "root-1.pem")  # a key that does not count for this page
    said = sign(page, safe / "targets-1.pem")
    manifest = next(line for line in said.splitlines() if line.startswith("file telkomsel/latest.json"))
    assert built.digest in manifest, "the digest that list managers see on the page of the list"
    assert f"file {built.folder}/block.txt" in said
    call_command("keys", "import", str(page))
    assert publish_due(at=at) == [], "one of three is not enough"

    sign(page, safe / "targets-3.pem")
    call_command("keys", "import", str(page))
    assert publish_due(at=jobs.now()) == [built]
    assert not SignatureRequest.objects.filter(closed_at=None).exists()


def test_a_page_that_was_changed_on_the_way_is_not_taken(
    safe: Path, telkomsel: Operator, budi: User, citra: User, tmp_path: Path
) -> None:
    at = jobs.now()
    a_block(telkomsel, by=(budi, citra), at=at)
    build_missing(at=at, until=last_ended(at))
    page = requested(tmp_path / "courier")
    page.write_bytes(page.read_bytes().replace(b"block.txt", b"clock.txt"))
    for number in (1, 2):
        sign(page, safe / f"targets-{number}.pem")
    with pytest.raises(CommandError, match="other_page"):
        call_command("keys", "import", str(page))
    assert publish_due(at=at) == []


def test_an_online_key_is_changed_by_the_holders_of_root(safe: Path, tmp_path: Path) -> None:
    call_command("keys", "rotate", "timestamp")
    page = requested(tmp_path / "courier")
    assert page.name == "2.root.json"
    call_command("keys", "request", "--with-served", str(tmp_path / "courier"))
    said = sign(page, safe / "root-1.pem", "--before", str(tmp_path / "courier" / "served-1.root.json"))
    changes = [line for line in said.splitlines() if line[:2] in ("+ ", "- ") and "key of" in line]
    assert [line[:20] for line in changes] == ["- key of timestamp: ", "+ key of timestamp: "]
    for number in (1, 2):
        assert TufMetadata.objects.filter(role="root").count() == 1
        sign(page, safe / f"root-{number}.pem")
        call_command("keys", "import", str(page))
    assert TufMetadata.objects.filter(role="root").count() == 2


def test_two_lists_that_wait_do_not_take_each_others_signatures_away(
    safe: Path, telkomsel: Operator, budi: User, citra: User, tmp_path: Path
) -> None:
    at = jobs.now()
    (first,) = build_first(at=at)
    a_block(telkomsel, by=(budi, citra), at=at)
    build_missing(at=at, until=last_ended(at))
    page = requested(tmp_path / "courier")
    for number in (1, 2):
        assert publish_due(at=jobs.now()) == [], "the clock looks again and again meanwhile"
        call_command("keys", "sign", "--key", str(safe / f"targets-{number}.pem"), str(page))
    call_command("keys", "import", str(page))
    assert publish_due(at=jobs.now()) == [first]


def test_the_first_ceremony_with_offline_keys_made_elsewhere(
    telkomsel: Operator, tmp_path: Path, settings, capsys
) -> None:
    settings.PRODUCTION = True
    settings.KEYS_DIR, settings.PUBLIC_KEYS_DIR = tmp_path / "list-keys", str(tmp_path / "public-keys")
    safe, courier = tmp_path / "safe", tmp_path / "courier"
    call_command("keys", "create")
    assert "Offline keys are missing here: root-1" in capsys.readouterr().out
    for role in ("root", "targets"):
        for number in ("1", "2", "3"):
            call_command("keys", "create", "--role", role, "--number", number, "--to", str(safe))
    said = capsys.readouterr().out
    assert said.count("two carriers") == 6
    call_command("keys", "add-public", *map(str, safe.glob("*.pub.pem")))
    fingerprints = [line.split()[-1] for line in capsys.readouterr().out.splitlines()]
    assert all(f"fingerprint {value}" in said for value in fingerprints)
    call_command("keys", "create")
    assert "Pages wait for two of three holders" in capsys.readouterr().out
    call_command("keys", "request", str(courier))
    for page in courier.iterdir():
        role = "root" if ".root." in page.name else "targets"
        for holder in (2, 3):
            call_command("keys", "sign", "--key", str(safe / f"{role}-{holder}.pem"), str(page))
    call_command("keys", "import", *map(str, courier.iterdir()))
    assert not SignatureRequest.objects.filter(closed_at=None).exists()
    assert set(TufMetadata.objects.values_list("role", flat=True)) == {
        "root", "targets", "snapshot", "timestamp", "telkomsel", "telkomsel.hold", "telkomsel.removal",
    }  # fmt: skip
    assert keys.offline_keys_here() == []
    assert sorted(path.name for path in settings.KEYS_DIR.glob("*.pem")) == [
        "hold-1.pem", "lists-1.pem", "removal-1.pem", "snapshot-1.pem", "statistics-1.pem",
        "timestamp-1.pem",
    ]  # fmt: skip
    (safe / "root-1.pub.pem").write_bytes((safe / "root-2.pub.pem").read_bytes())
    with pytest.raises(CommandError, match="rotate"):
        call_command("keys", "add-public", str(safe / "root-1.pub.pem"))


def test_a_holders_key_is_changed_by_its_public_half(safe: Path, tmp_path: Path) -> None:
    call_command("keys", "create", "--role", "root", "--number", "2", "--to", str(tmp_path / "new"))
    call_command("keys", "rotate", "root", "2", "--public", str(tmp_path / "new" / "root-2.pub.pem"))
    page = requested(tmp_path / "courier")
    for number in (1, 3):
        call_command("keys", "sign", "--key", str(safe / f"root-{number}.pem"), str(page))
    call_command("keys", "import", str(page))
    value = signing.fingerprint(signing.load_public((tmp_path / "new" / "root-2.pub.pem").read_bytes()))
    assert value in {one.value for one in queries.trust().keys}
    assert not (keys.folder() / "root-2.pem").exists()
