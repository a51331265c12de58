"""Removals wait for no key holder, and the role that publishes them can do nothing else."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
from pathlib import Path

import pytest

from aduan.accounts.models import User
from aduan.blocklists import manifest, queries, signing
from aduan.blocklists.formats import digest_of
from aduan.blocklists.models import BlockList, SignatureRequest
from aduan.blocklists.services import build_interims, keys, renew, rotate
from aduan.blocklists.services.file_store import ListFiles
from aduan.blocklists.tuf_metadata import REMOVAL, TARGETS
from aduan.cases.models import Block
from aduan.operators.models import Operator
from tests.aduan.blocklists import thief
from tests.aduan.blocklists.served import META, Answers, Receiver, client, everything, serving
from tests.factories.blocklists import a_block, published
from tests.factories.cases import released

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_keys")]
VERIFY = Path(__file__).parents[3] / "clients" / "verify.sh"


@pytest.fixture
def today() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@pytest.fixture
def blocks(telkomsel: Operator, budi: User, citra: User, today: dt.datetime) -> list[Block]:
    made = [
        a_block(telkomsel, by=(budi, citra), at=today, digits=6281200000000 + number)
        for number in range(1, 5)
    ]
    published(telkomsel, at=today)
    return made


@pytest.fixture
def first(blocks: list[Block], telkomsel: Operator) -> Answers:
    return everything(telkomsel)


@pytest.fixture
def receiver(first: Answers, tmp_path: Path) -> Receiver:
    return Receiver(tmp_path / "op", "telkomsel", first[META + "1.root.json"])


@pytest.fixture
def holders_away(blocks: list[Block], tmp_path: Path) -> Path:
    """The keys of targets lie with their holders, as in production; where they are."""
    away = tmp_path / "holders"
    away.mkdir()
    for number in (1, 2, 3):
        keys.path_of(TARGETS, number).rename(away / f"targets-{number}.pem")
    return away


def test_a_removal_is_published_while_every_holder_sleeps_and_clients_follow(
    telkomsel: Operator,
    blocks: list[Block],
    receiver: Receiver,
    first: Answers,
    holders_away: Path,
    agus: User,
    budi: User,
    citra: User,
    today: dt.datetime,
) -> None:
    with serving(first) as server:
        assert receiver.fetch(server.url) == client.OK, receiver.said
        released(blocks[0].case, by=agus, at=today)
        a_block(telkomsel, by=(budi, citra), at=today, digits=6281200000009, urgent=True)
        removal, urgent = build_interims(at=today)
        assert (removal.state, urgent.state) == ("published", "awaiting"), "what adds waits for holders"
        server.answers = everything(telkomsel)
        assert receiver.fetch(server.url) == client.OK, receiver.said
        assert receiver.blocked == ["6281200000002", "6281200000003", "6281200000004"]
        assert receiver.fetch(server.url) == client.OK, "again: nothing is new"
        late = Receiver(receiver.state.parent / "late", "telkomsel", first[META + "1.root.json"])
        assert late.fetch(server.url) == client.OK, "who begins takes the signed list, then the removal"
        assert late.blocked == receiver.blocked
        for path in holders_away.iterdir():
            path.rename(keys.folder() / path.name)
        renew(at=today)
        server.answers = everything(telkomsel)
        assert queries.latest(telkomsel) == removal
        assert receiver.fetch(server.url) == client.OK, receiver.said
    assert b"removal/" in server.answers[META + max_version(server.answers, "telkomsel.removal")]


def max_version(answers: Answers, role: str) -> str:
    names = [name.removeprefix(META) for name in answers if name.endswith(f".{role}.json")]
    return max((n for n in names if n.count(".") == role.count(".") + 2), key=lambda n: int(n.split(".")[0]))


def test_clients_of_the_first_version_get_the_removal_from_the_page_that_holders_sign(
    telkomsel: Operator, blocks: list[Block], holders_away: Path, agus: User, today: dt.datetime
) -> None:
    released(blocks[0].case, by=agus, at=today)
    (removal,) = build_interims(at=today)
    request = SignatureRequest.objects.get(role="telkomsel", closed_at=None)
    assert removal.digest.encode() in bytes(request.body)
    assert removal.manifest["folder"].encode() in bytes(request.body)
    assert request.block_list is None, "the list is out already and waits for nothing"


def stolen(real: Answers, before: BlockList, files: dict[str, str], today: dt.datetime, **more) -> Answers:
    return thief.forged(real, before, REMOVAL, files, at=today, **more)


def attacks(rows: list[str]) -> dict[str, dict[str, str]]:
    longer = [rows[0].rpartition(",")[0] + ",2033-01-01T00:00:00Z", *rows[1:]]
    return {
        "adds and says so": thief.files_of([*rows, NEW], added=("6281299999999",)),
        "adds and hides it": thief.files_of([*rows, NEW]),
        "swaps one number for another": thief.files_of([*rows[1:], NEW], removed=("6281200000001",)),
        "lengthens a block": thief.files_of(longer),
        "another category": thief.files_of([rows[0].replace(",block,", ",refer,"), *rows[1:]]),
    }


NEW = "6281299999999,block,2026-11-01,2027-11-01,FRAUD,K-00000001,2027-10-31T17:00:00Z"


@pytest.mark.parametrize("how", list(attacks(["1,block,,,,,", "2,block,,,,,"])))
def test_a_thief_of_the_key_of_removals_adds_and_changes_nothing(
    telkomsel: Operator, first: Answers, receiver: Receiver, today: dt.datetime, tmp_path: Path, how: str
) -> None:
    before = queries.latest(telkomsel)
    assert before is not None
    files = attacks(thief.rows_of(before))[how]
    with serving(first) as server:
        assert receiver.fetch(server.url) == client.OK
        server.answers = stolen(first, before, files, today, sequence=before.sequence + 7)
        assert receiver.fetch(server.url) == client.REFUSED, receiver.said
        assert "removal" in receiver.said, receiver.said
        assert len(receiver.blocked) == 4
        fresh = Receiver(tmp_path / "fresh", "telkomsel", first[META + "1.root.json"])
        assert fresh.fetch(server.url) == client.REFUSED
        assert fresh.blocked == receiver.blocked, "the list that holders signed is in use all the same"
    assert by_hand(before, files, tmp_path) != 0


def test_what_a_thief_removes_and_the_sequences_used_up_end_with_the_change_of_the_key(
    telkomsel: Operator,
    first: Answers,
    receiver: Receiver,
    budi: User,
    citra: User,
    today: dt.datetime,
    tmp_path: Path,
) -> None:
    before = queries.latest(telkomsel)
    assert before is not None
    rows = thief.rows_of(before)[1:]
    files = thief.files_of(rows, removed=("6281200000001",))
    with serving(first) as server:
        assert receiver.fetch(server.url) == client.OK
        server.answers = stolen(first, before, files, today, sequence=2_000_000_000)
        assert receiver.fetch(server.url) == client.OK, "lifting is what the thief can do"
        assert len(receiver.blocked) == 3
        for role in ("timestamp", "snapshot", REMOVAL):
            assert rotate(role, 1, at=today)
        a_block(telkomsel, by=(budi, citra), at=today, digits=6281200000009, urgent=True)
        build_interims(at=today)
        server.answers = everything(telkomsel)
        assert receiver.fetch(server.url) == client.OK, receiver.said
    assert len(receiver.blocked) == 5


def by_hand(before: BlockList, files: dict[str, str], tmp_path: Path, **more: str) -> int:
    """verify.sh over a bundle that the thief signed with the key of the lists too."""
    new = tmp_path / "by-hand"
    new.mkdir()
    for name, text in files.items():
        (new / name).write_text(text)
    page = {
        **before.manifest,
        "kind": "interim",
        "sequence": before.sequence + 7,
        "counts": {part: len(files[f"{part}.txt"].split()) for part in ("block", "added", "removed")},
        "files": {
            file.name: {"size": file.size, "sha256": file.sha256}
            for file in (digest_of(new / name) for name in files)
        },
    }
    (new / "manifest.json").write_bytes(manifest.canonical(page))
    for name in (*files, "manifest.json"):
        (new / f"{name}.sig").write_bytes(signing.sign_file(new / name, keys.list_key()))
    pem = tmp_path / "lists.pem"
    pem.write_bytes(keys.list_key_pem())
    old = ListFiles(before).folder
    environment = {**os.environ, "ADUAN_ROLE": "removal", **more}
    command = ["sh", str(VERIFY), str(pem), str(new), str(old)]
    return subprocess.run(command, env=environment, capture_output=True, text=True).returncode


def test_verify_sh_takes_what_only_removes(telkomsel: Operator, first: Answers, tmp_path: Path) -> None:
    before = queries.latest(telkomsel)
    assert before is not None
    kept = thief.rows_of(before)[1:]
    assert by_hand(before, thief.files_of(kept, removed=("6281200000001",)), tmp_path) == 0


@pytest.mark.parametrize("role", ["Removal", "removals", "penghapusan", " removal"])
def test_verify_sh_does_not_pass_over_a_role_it_does_not_know(
    telkomsel: Operator, first: Answers, tmp_path: Path, role: str
) -> None:
    """Before, a slip in the word left the check of removals out without a word: what adds was fit."""
    before = queries.latest(telkomsel)
    assert before is not None
    files = thief.files_of([*thief.rows_of(before), NEW], added=("6281299999999",))
    assert by_hand(before, files, tmp_path, ADUAN_ROLE=role) == 2
