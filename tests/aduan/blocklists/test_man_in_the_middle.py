"""A man in the middle of every series: whatever he changes, holds back or mixes, the list in use stays.

Each attack is made on a machine that has the first list, while the second is out; afterwards the honest
server must be followed without help. The attacker has the line, as when TLS is broken, and no key.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from aduan.accounts.models import User
from aduan.blocklists import tuf_metadata
from aduan.blocklists.models import ListType
from aduan.cases.workflow import ProposalType
from aduan.operators.models import Operator
from tests.aduan.blocklists.served import META, Answers, Receiver, client, everything, serving
from tests.aduan.blocklists.worlds import (
    World,
    foreign,
    held_twice,
    listed,
    removed_while_holders_sleep,
)
from tests.bounds import proved
from tests.factories.blocklists import a_block, published
from tests.factories.cases import confirmed
from tests.factories.operators import operator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_keys")]
SERIES = ("block", "referral", "inbound")
# Holding back all news looks like no news until what was signed for a day has expired.
FREEZES = {
    "the older timestamp.json",
    "everything of the moment before",
    "the timestamp of before on the new files",
}
HELD = {client.REFUSED, client.UNREACHABLE, client.STALE, client.THIS_MACHINE}


Attack = Callable[[World], Answers]


def changed(end: str, how: Callable[[bytes], bytes | None]) -> Attack:
    """Everything new whose path ends so; `None` takes it away."""

    def attack(world: World) -> Answers:
        found = {
            path: how(body)
            for path, body in world.new.items()
            if path.endswith(end) and world.old.get(path) != body
        }
        assert found, end
        kept = {path: body for path, body in world.new.items() if path not in found}
        return kept | {path: body for path, body in found.items() if body is not None}

    return attack


def older(end: str) -> Attack:
    """The page of the moment before, under the newest name."""

    def attack(world: World) -> Answers:
        now, before = newest(world.new, end), newest(world.old, end)
        return world.new | {now: world.old[before]}

    return attack


def instead(end: str, other: str) -> Attack:
    """A file of the newest list in the place of another of it."""

    def attack(world: World) -> Answers:
        kind = {"block": "interim"}.get(world.series, world.series)
        folder = f"/{world.role}/" if world.role else f"/{kind}-v2/"
        fresh = (path for path in world.new if folder in path and path not in world.old)
        names = {path.split(".", 1)[1]: path for path in fresh}
        return world.new | {names[end]: world.new[names[other]]}

    return attack


def newest(answers: Answers, end: str) -> str:
    found = [path for path in answers if path.endswith(end)]
    return max(found, key=lambda path: (_version(path), path))


def _version(path: str) -> int:
    number = path.removeprefix(META).split(".")[0]
    return int(number) if number.isdigit() else 0


HOW: dict[str, Callable[[bytes], bytes | None]] = {
    "a bit": lambda body: bytes([body[0] ^ 1]) + body[1:] if body else b"6281200000009\n",
    "a bit at the end": lambda body: body[:-1] + bytes([body[-1] ^ 2]) if body else b"\n",
    "a line more": lambda body: body + b"6281299999999\n",
    "cut": lambda body: body[:-3] if body else b"6",
    "empty": lambda body: b"" if body else b"1\n",
    "a proxy's page": lambda body: b"<!doctype html><title>Log in to this network</title>",
    "gone": lambda body: None,
}
FILES = ("block.txt", "block.csv", "added.txt", "removed.txt")
PAGES = ("snapshot.json", "timestamp.json")


def forged_root(world: World) -> Answers:
    """A root of his own keys as the next version, and a repository signed by them."""
    at = dt.datetime.now(dt.UTC)
    his = {role: [Ed25519PrivateKey.generate() for _key in range(count)]
           for role, count in tuf_metadata.KEYS_PER_ROLE.items()}  # fmt: skip
    page = tuf_metadata.root(
        {role: [key.public_key() for key in some] for role, some in his.items()}, version=2, at=at
    )
    tuf_metadata.sign(page, his["root"])
    stamp = tuf_metadata.timestamp(9999, b"{}", version=2**31, at=at)
    tuf_metadata.sign(stamp, his["timestamp"])
    forged = {META + "2.root.json": tuf_metadata.as_bytes(page)}
    return world.new | forged | {META + "timestamp.json": tuf_metadata.as_bytes(stamp)}


def without_signatures(end: str, *, left: int) -> Attack:
    def attack(world: World) -> Answers:
        path = newest(world.new, end)
        page = json.loads(world.new[path])
        page["signatures"] = page["signatures"][:left]
        return world.new | {path: json.dumps(page).encode()}

    return attack


def another_operators_page(world: World) -> Answers:
    mine = newest(world.new, world.page)
    other = next(path for path in world.theirs if path.endswith(".json") and _is_operators(path, world))
    return world.theirs | world.new | {mine: world.theirs[other]}


def _is_operators(path: str, world: World) -> bool:
    role = path.rsplit(".", 2)[-2]
    return path.startswith(META) and role not in (*tuf_metadata.TOP_ROLES, world.operator)


def attacks(world: World) -> dict[str, Attack]:
    mine = world.page
    latest = ".latest.json" if world.role else f".latest-{world.series}.json"
    found: dict[str, Attack] = {
        f"{how} of {end}": changed(end, HOW[how]) for end in (*FILES, latest, mine, *PAGES) for how in HOW
    }
    found |= {f"the older {end}": older(end) for end in (mine, *PAGES)}
    found |= {
        "everything of the moment before": lambda world: {**world.new, **world.old, **_stamp(world.old)},
        "the timestamp of before on the new files": lambda world: world.new | _stamp(world.old),
        "a root of his own": forged_root,
        "a page signed by no one": without_signatures(mine, left=0),
        "another operator's page": another_operators_page,
        "added for removed": instead("added.txt", "removed.txt"),
        "the list of the file for spreadsheets": instead("block.txt", "block.csv"),
        "nothing at all": lambda world: {},
        "the whole of another operator": lambda world: world.theirs | _stamp(world.new),
    }
    if not world.role:  # the key of an online role is one
        found["a page signed by one holder"] = without_signatures(mine, left=1)
    return found


def _stamp(answers: Answers) -> Answers:
    return {META + "timestamp.json": answers[META + "timestamp.json"]}


@pytest.fixture
def worlds(telkomsel: Operator, indosat: Operator, budi: User, citra: User, agus: User) -> dict[str, World]:
    at, two = dt.datetime.now(dt.UTC), (budi, citra)
    platform = operator(
        "whatsapp", "WhatsApp", kind=Operator.Kind.OTT, obligation=Operator.Obligation.VOLUNTARY
    )
    blocks = [a_block(indosat, by=two, at=at, digits=6281500000000 + number) for number in (1, 2, 3)]
    published(indosat, at=at)
    receivers = {
        "block": (telkomsel, ListType.INTERIM),
        "referral": (platform, ListType.REFERRAL),
        "inbound": (telkomsel, ListType.INBOUND),
    }
    seen: dict[str, list[Answers]] = {series: [] for series in SERIES}
    for turn in (1, 2):
        a_block(telkomsel, by=two, at=at, digits=6281299000000 + turn, urgent=True)
        foreign(60123456780 + turn, by=two, at=at)
        confirmed(
            telkomsel, first=budi, second=citra, at=at, proposal_type=ProposalType.REFER, channel="whatsapp"
        )
        for series, (home, kind) in receivers.items():
            seen[series].append(listed(home, kind, at))
    theirs = everything(indosat)
    found = {
        series: World(receivers[series][0].code, series, pages[0], pages[1], theirs)
        for series, pages in seen.items()
    }
    found["hold"] = held_twice(telkomsel, two, at, theirs)
    found["removal"] = removed_while_holders_sleep(indosat, blocks[0], agus, at, everything(telkomsel))
    return found


def attacked(world: World, attack: Attack, folder: Path, first: Path, *, freezes: bool) -> str:
    """Empty when the attack changed nothing and did not stay; otherwise what it did."""
    receiver = Receiver(folder, world.operator, world.old[META + "1.root.json"])
    shutil.copytree(first, receiver.state, symlinks=True)
    before = receiver.blocked
    with serving(attack(world)) as server:
        later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=25) if freezes else None
        status = receiver.fetch(server.url, "--series", world.series, at=later)
        if status not in HELD or receiver.blocked != before:
            return f"exit {status}, {receiver.blocked}: {receiver.said}"
        server.answers = world.new
        status = receiver.fetch(server.url, "--series", world.series)
        if status != client.OK or receiver.blocked == before:
            return f"it stayed: exit {status}: {receiver.said}"
    shutil.rmtree(folder)
    return ""


@pytest.mark.parametrize("most", [6, pytest.param(None, marks=pytest.mark.slow)])
def test_no_attack_on_the_line_changes_the_list_in_use(
    worlds: dict[str, World], tmp_path: Path, most: int | None
) -> None:
    tried = 0
    for place, world in worlds.items():
        first = Receiver(tmp_path / f"first-{place}", world.operator, world.old[META + "1.root.json"])
        with serving(world.old) as server:
            assert first.fetch(server.url, "--series", world.series) == client.OK, first.said
        assert first.blocked
        chosen = list(attacks(world).items())
        assert len(chosen) >= 26
        if most is not None:
            chosen = random.Random(place).sample(chosen, most)
        for name, attack in chosen:
            done = attacked(world, attack, tmp_path / "victim", first.state, freezes=name in FREEZES)
            assert done == "", f"{place}: {name}: {done}"
            tried += 1
    assert most is not None or tried >= 4 * 78
    proved(tried, "attacks of a man in the middle over all series")
