"""PB16: the shell verifier and the Python one say the same of changed bundles, honest or signed again."""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from aduan.blocklists import manifest, signing
from aduan.blocklists.formats import digest_of
from tests.aduan.blocklists.served import CLIENT, client
from tests.bounds import proved

VERIFY = CLIENT.with_name("verify.sh")
KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))
PARTS = ("block.txt", "added.txt", "removed.txt")
OPERATOR = "telkomsel"
OLD = [b"62812%07d" % number for number in range(1000, 1040)]
GONE, CAME = OLD[5:8], [b"628130000001", b"628139999999"]
NEW = sorted({*OLD, *CAME} - {*GONE})
FILES = (*PARTS, "block.csv")


def write(folder: Path, files: dict[str, list[bytes]], *, sequence: int, previous: str | None) -> None:
    """A bundle as the portal makes it, signed."""
    folder.mkdir(parents=True)
    for name, lines in files.items():
        (folder / name).write_bytes(b"".join(line + b"\n" for line in lines))
    write_rows(folder)
    now = dt.datetime.now(dt.UTC)
    page = manifest.Manifest(
        operator=OPERATOR, kind="interim", period="2026-11", version=sequence, sequence=sequence,
        voluntary=False, previous_sequence=sequence - 1 if previous else None, previous_digest=previous,
        selected_at=now, expires_at=now + dt.timedelta(days=40),
        part_counts={name.removesuffix(".txt"): len(lines) for name, lines in files.items()},
        files=[digest_of(folder / name) for name in FILES],
    )  # fmt: skip
    seal(folder, page.as_dict())


def write_rows(folder: Path) -> None:
    """block.csv: a row for each number of block.txt."""
    numbers = (folder / "block.txt").read_bytes().splitlines()
    rows = [b"number,until", *(number + b",2027-10-31" for number in numbers)]
    (folder / "block.csv").write_bytes(b"".join(row + b"\n" for row in rows))


def seal(folder: Path, said: dict[str, Any]) -> None:
    (folder / "manifest.json").write_bytes(manifest.canonical(said))
    for name in (*FILES, "manifest.json"):
        (folder / f"{name}.sig").write_bytes(KEY.sign((folder / name).read_bytes()))


def shell_takes(pem: Path, new: Path, old: Path) -> bool:
    done = subprocess.run(["sh", str(VERIFY), str(pem), str(new), str(old)], capture_output=True)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode == 0


def python_takes(new: Path, old: Path) -> bool:
    """The checks of the reference client, on a bundle of files with detached signatures."""
    try:
        for name in (*FILES, "manifest.json"):
            KEY.public_key().verify((new / f"{name}.sig").read_bytes(), (new / name).read_bytes())
        said, before = (json.loads((folder / "manifest.json").read_bytes()) for folder in (new, old))
        for name in FILES:
            file = digest_of(new / name)
            if said["files"][name] != {"size": file.size, "sha256": file.sha256}:
                return False
        client.Client._must_be_whole(SimpleNamespace(), said, new)
        last = digest_of(old / "manifest.json").sha256
        client.Client._must_follow(SimpleNamespace(operator=OPERATOR), said, before, last)
        if said["sequence"] == before["sequence"] + 1:
            client.must_add_up(old / "block.txt", new)
    except (InvalidSignature, client.Refused, KeyError, ValueError):
        return False
    return True


def flip(folder: Path, dice: random.Random) -> None:
    """One bit of any file, by an attacker without the key."""
    path = folder / dice.choice([*FILES, "manifest.json", "block.txt.sig", "manifest.json.sig"])
    data = bytearray(path.read_bytes())
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    path.write_bytes(data)


LINES: list[Callable[[list[bytes], int], list[bytes]]] = [
    lambda lines, at: lines[:at] + lines[at + 1 :],
    lambda lines, at: [*lines[: at + 1], *lines[at:]],
    lambda lines, at: [*lines[:at], b"628119999999", *lines[at:]],
    lambda lines, at: sorted([*lines, b"628137777777"]),
    lambda lines, at: lines[::-1],
    lambda lines, at: [*lines[:at], lines[at] + b"\r", *lines[at + 1 :]],
    lambda lines, at: [*lines[:at], b"+" + lines[at], *lines[at + 1 :]],
    lambda lines, at: [*lines[:at], b"0" + lines[at], *lines[at + 1 :]],
    lambda lines, at: [*lines[:at], b"", *lines[at:]],
    lambda lines, at: [],
    lambda lines, at: list(lines),
]


def other_lines(folder: Path, dice: random.Random) -> None:
    """Lines changed by an attacker with the key: digests, lengths and signatures fit, counts perhaps."""
    name = dice.choice(PARTS)
    lines = (folder / name).read_bytes().splitlines()
    changed = dice.choice(LINES)(lines, dice.randrange(len(lines)))
    end = b"\n" if dice.random() < 0.9 or not changed else b""
    (folder / name).write_bytes(b"\n".join(changed) + end if changed else b"")
    if dice.random() < 0.8:
        write_rows(folder)
    said = json.loads((folder / "manifest.json").read_bytes())
    for file in (digest_of(folder / each) for each in FILES):
        said["files"][file.name] = {"size": file.size, "sha256": file.sha256}
    if dice.random() < 0.8:
        said["counts"][name.removesuffix(".txt")] = len(changed)
    seal(folder, said)


def other_words(folder: Path, dice: random.Random) -> None:
    """What the manifest says, changed by an attacker with the key."""
    said = json.loads((folder / "manifest.json").read_bytes())
    dice.choice([
        lambda: said.update(sequence=dice.choice([1, 6, 7, 8, 9, 20])),
        lambda: said["previous"].update(sha256="0" * 64),
        lambda: said.update(operator="indosat", folder=said["folder"].replace(OPERATOR, "indosat")),
        lambda: said.update(format="aduan-nomor-list/2"),
        lambda: said["counts"].update(block=said["counts"]["block"] + dice.choice([-1, 1])),
        lambda: said["files"]["added.txt"].update(size=said["files"]["added.txt"]["size"] + 1),
        lambda: said["files"]["removed.txt"].update(sha256="f" * 64),
        lambda: said.update(voluntary=True),
    ])()  # fmt: skip
    seal(folder, said)


@pytest.mark.parametrize(
    ("bundles", "seed"),
    [(30, 0), *(pytest.param(2_000, part, marks=pytest.mark.slow) for part in range(1, 6))],
)
def test_both_say_the_same_of_every_changed_bundle(tmp_path: Path, bundles: int, seed: int) -> None:
    pem = tmp_path / "pub.pem"
    pem.write_bytes(signing.public_pem(KEY.public_key()))
    old, new, changed = (tmp_path / name for name in ("old", "new", "changed"))
    write(old, {"block.txt": OLD, "added.txt": OLD, "removed.txt": []}, sequence=7, previous=None)
    digest = digest_of(old / "manifest.json").sha256
    write(new, {"block.txt": NEW, "added.txt": CAME, "removed.txt": GONE}, sequence=8, previous=digest)
    assert shell_takes(pem, new, old)
    assert python_takes(new, old)
    dice, taken = random.Random(seed), 0
    for turn in range(bundles):
        shutil.rmtree(changed, ignore_errors=True)
        shutil.copytree(new, changed)
        how = dice.choice([flip, other_lines, other_lines, other_words])
        how(changed, dice)
        verdict = python_takes(changed, old)
        assert shell_takes(pem, changed, old) == verdict, (seed, turn, how.__name__, verdict)
        taken += verdict
    assert taken < bundles / 3
    proved(bundles, f"changed bundles judged alike by both verifiers (PB16, part {seed})")


def test_a_list_in_use_that_is_not_there_is_said_and_not_passed_over(tmp_path: Path) -> None:
    """Seen to fail on 0.3.0: with a typing error in the third argument nothing was compared."""
    write(
        tmp_path / "new", {"block.txt": NEW, "added.txt": NEW, "removed.txt": []}, sequence=1, previous=None
    )
    pem = tmp_path / "key.pem"
    pem.write_bytes(signing.public_pem(KEY.public_key()))
    command = ["sh", str(VERIFY), str(pem), str(tmp_path / "new")]
    assert subprocess.run(command, capture_output=True).returncode == 0
    for wrong in (
        [*command, str(tmp_path / "nowhere")],
        [*command[:2], str(tmp_path / "no.pem"), command[3]],
    ):
        done = subprocess.run(wrong, capture_output=True, text=True)
        assert (done.returncode, done.stdout) == (2, ""), done.stderr
