"""PB1: each single bit of a list of 10,000 numbers, its manifest, the metadata and the signatures."""

from __future__ import annotations

import copy
import datetime as dt
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from tuf.api.exceptions import LengthOrHashMismatchError, RepositoryError
from tuf.api.metadata import Metadata, Targets
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet
from tuf.ngclient.config import EnvelopeType

from aduan.blocklists import queries
from aduan.blocklists.models import BlockList
from aduan.blocklists.services import build_missing, file_store, keys, publish_due, resume_list
from aduan.operators.models import Operator
from bench import world
from tests.aduan.blocklists.served import META, Answers, Receiver, everything, serving
from tests.bounds import proved
from tests.database import as_administrator
from tests.factories.accounts import step_up

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NUMBERS = 10_000
CODE = "alpha"
AT = world.AT


@pytest.fixture
def block_list(db: None) -> BlockList:
    """Ten thousand numbers of one operator, released by two people because they are that many."""
    world.block_numbers(NUMBERS * 100 // world.OPERATORS[CODE][0] + 1)
    with as_administrator() as cursor:  # the test's own transaction goes on after the loading
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
    one, two = world.people()
    (built,) = build_missing(at=AT, operator=Operator.objects.get(code=CODE))
    for person in (one, two):
        resume_list(built, by=person, step_up=step_up(person, AT), at=AT)
    (done,) = publish_due(at=AT + world.LATER)
    assert done.count == NUMBERS
    return done


def flips(data: bytes) -> Iterator[bytes]:
    """The data with each of its bits turned, one after the other."""
    changed = bytearray(data)
    for place in range(len(data)):
        for bit in range(8):
            changed[place] ^= 1 << bit
            yield bytes(changed)
            changed[place] ^= 1 << bit


class Chain:
    """What a client trusts after each page, so that a changed page meets exactly what it would meet there."""

    def __init__(self, pages: Answers) -> None:
        self.body = {
            role: max(
                (body for name, body in pages.items() if name.endswith(f"{role}.json")),
                key=lambda body: Metadata.from_bytes(body).signed.version,
            )
            for role in ("root", "timestamp", "snapshot", "targets", f".{CODE}")
        }
        self._before = {role: self._fed(role) for role in self.body}

    def _start(self, root: bytes) -> TrustedMetadataSet:
        trusted = TrustedMetadataSet(root, EnvelopeType.METADATA)
        trusted.reference_time = AT + world.LATER
        return trusted

    def _fed(self, until: str) -> TrustedMetadataSet | None:
        trusted = None
        for role, body in self.body.items():
            if role == until:
                return trusted
            trusted = self._take(trusted, role, body)
        raise KeyError(until)

    def _take(self, trusted: TrustedMetadataSet | None, role: str, body: bytes) -> TrustedMetadataSet:
        if trusted is None:
            return self._start(body)
        if role == f".{CODE}":
            trusted.update_delegated_targets(body, CODE, "targets")
        else:
            getattr(trusted, f"update_{role}")(body)
        return trusted

    def accepts_another(self, role: str, body: bytes) -> bool:
        """Whether a client would take this page as one that says something else than the real one."""
        trusted = copy.copy(self._before[role])
        if trusted is not None:
            trusted._trusted_set = dict(trusted._trusted_set)
        try:
            self._take(trusted, role, body)
        except RepositoryError:
            return False
        # Signatures are in hex, which may be written in capitals, and two of three are enough.
        said, meant = Metadata.from_bytes(body).signed, Metadata.from_bytes(self.body[role]).signed
        return bool(said.to_dict() != meant.to_dict())


def test_no_bit_of_the_list_or_its_manifest_can_turn(block_list: BlockList) -> None:
    page: Metadata[Targets] = Metadata.from_bytes(Chain(everything(block_list.operator)).body[f".{CODE}"])
    done = 0
    for name in ("block.txt", "manifest.json"):
        data = (file_store.ListFiles(block_list).folder / name).read_bytes()
        said = page.signed.targets[f"{block_list.folder}/{name}"]
        said.verify_length_and_hashes(data)
        for changed in flips(data):
            try:
                said.verify_length_and_hashes(changed)
            except LengthOrHashMismatchError:
                done += 1
            else:
                pytest.fail(f"{name}: a turned bit was not noticed")
    assert done > 8 * 14 * NUMBERS
    proved(done, "bits of a list of 10,000 numbers and its manifest, turned one by one (PB1)")


def test_no_bit_of_the_metadata_can_say_something_else(block_list: BlockList) -> None:
    chain, done = Chain(everything(block_list.operator)), 0
    for role, body in chain.body.items():
        assert not chain.accepts_another(role, body)
        for changed in flips(body):
            assert not chain.accepts_another(role, changed), (role, done)
            done += 1
    proved(done, "bits of root, timestamp, snapshot, targets and the operator's page, turned (PB1)")


def fits(data: bytes, signature: bytes) -> bool:
    try:
        keys.public(keys.LISTS)[0].verify(signature, data)
    except InvalidSignature:
        return False
    return True


def test_no_bit_of_a_detached_signature_or_of_what_it_signs_can_turn(
    block_list: BlockList, monkeypatch: pytest.MonkeyPatch
) -> None:
    public, done = keys.public(keys.LISTS), 0
    monkeypatch.setattr(keys, "public", lambda role: public)  # read the file once
    signed = {
        file.name: (
            (file_store.ListFiles(block_list).folder / file.name).read_bytes(),
            bytes(file.signature or b""),
        )
        for file in queries.files_of(block_list)
    }
    for data, signature in signed.values():
        assert fits(data, signature)
        for changed in flips(signature):
            assert not fits(data, changed)
            done += 1
    dice = random.Random(1)
    manifest, signature = signed["manifest.json"]
    for changed in flips(manifest):
        assert not fits(changed, signature)
        done += 1
    numbers, signature = signed["block.txt"]
    for _bit in range(20_000):
        assert not fits(one_flip(numbers, dice), signature)
        done += 1
    proved(done, "bits of the detached signatures, of a manifest and (20,000) of a list, turned (PB1)")


def one_flip(data: bytes, dice: random.Random) -> bytes:
    place = dice.randrange(len(data))
    return data[:place] + bytes([data[place] ^ 1 << dice.randrange(8)]) + data[place + 1 :]


def test_the_whole_client_keeps_its_list_whatever_bit_turns(
    block_list: BlockList, tmp_path: Path, settings
) -> None:
    """The same through the client with its files and its exit status, for a sample."""
    answers = everything(block_list.operator)
    dice, rounds = random.Random(2), 400
    at = AT + world.LATER + dt.timedelta(minutes=5)
    known = [path for path in answers if not path.endswith((".sig", "1.root.json"))]
    wanted = [path for path in known if path.endswith((".json", "block.txt", "block.csv", "added.txt"))]
    with serving(answers) as server:
        for turn in range(rounds):
            receiver = Receiver(tmp_path / str(turn), CODE, answers[META + "1.root.json"])
            path = dice.choice(wanted)
            server.answers = answers | {path: one_flip(answers[path], dice)}
            receiver.fetch(server.url, at=at)
            good = (file_store.ListFiles(block_list).folder / "block.txt").read_text().split()
            assert receiver.blocked in ([], good), path
    proved(rounds, "fetches with one turned bit by the whole client, never another list (PB1)")
