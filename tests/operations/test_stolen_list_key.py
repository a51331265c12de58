"""*A list key is stolen* of docs/operations/disaster.md, with the commands of the page and real key files."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command

from aduan.accounts.models import User
from aduan.blocklists import queries, signing, tuf_metadata
from aduan.blocklists.models import SignatureRequest
from aduan.blocklists.services import build_missing, publish_due, renew
from aduan.core import jobs
from aduan.core.periods import last_ended
from aduan.operators.models import Operator
from tests.aduan.blocklists.served import META, Receiver, everything, serving
from tests.aduan.blocklists.test_stolen_keys import REFUSED, forged
from tests.factories.blocklists import a_block

pytestmark = pytest.mark.django_db
ONLINE = ("snapshot", "timestamp", "hold", "removal", "statistics", "lists")


@pytest.fixture
def safe(telkomsel: Operator, tmp_path: Path, settings) -> Path:
    """The carriers of the holders; the serving machine has the online keys only."""
    settings.KEYS_DIR, settings.PUBLISH_ROOT = tmp_path / "keys", tmp_path / "lists"
    keys("create")
    safe = tmp_path / "safe"
    safe.mkdir()
    for path in settings.KEYS_DIR.glob("*.pem"):
        if path.name.startswith(("root-", "targets-")) and not path.name.endswith(".pub.pem"):
            path.rename(safe / path.name)
    return safe


def keys(*words: str) -> str:
    out = io.StringIO()
    call_command("keys", *words, stdout=out)
    return out.getvalue()


def sign_what_waits(safe: Path, courier: Path, by: tuple[int, int]) -> list[str]:
    """Two holders of each role sign, until nothing waits; the pages that they signed."""
    signed: list[str] = []
    while open_requests():
        assert len(signed) < 20, signed
        shutil.rmtree(courier, ignore_errors=True)
        keys("request", str(courier))
        pages = [courier / tuf_metadata.file_name(one.role, one.version) for one in open_requests()]
        for page in pages:
            role = "root" if page.name.endswith(".root.json") else "targets"
            for number in by:
                keys("sign", "--key", str(safe / f"{role}-{number}.pem"), str(page))
        keys("import", *map(str, pages))
        signed += [page.name for page in pages]
        publish_due(at=jobs.now())
    return signed


def open_requests() -> list[SignatureRequest]:
    """Those that holders can sign."""
    waiting = SignatureRequest.objects.filter(closed_at=None)
    return [one for one in waiting if one.role not in ("snapshot", "timestamp")]


def test_after_the_page_was_followed_the_stolen_keys_are_worth_nothing(
    safe: Path, telkomsel: Operator, budi: User, citra: User, tmp_path: Path, settings
) -> None:
    """A holder's carrier and the whole serving machine are copied; a second holder is bribed later."""
    at, courier = jobs.now(), tmp_path / "courier"
    a_block(telkomsel, by=(budi, citra), at=at, digits=6281200000001)
    (built,) = build_missing(at=at, until=last_ended(at))
    sign_what_waits(safe, courier, by=(1, 2))
    receiver = Receiver(tmp_path / "op", "telkomsel", everything(telkomsel)[META + "1.root.json"])
    with serving(everything(telkomsel)) as server:
        assert receiver.fetch(server.url) == 0, receiver.said

        stolen = [signing.load_private((safe / f"targets-{one}.pem").read_bytes()) for one in (1, 2)]
        online = {
            role: [signing.load_private((settings.KEYS_DIR / f"{role}-1.pem").read_bytes())]
            for role in ("snapshot", "timestamp")
        }
        server.answers = forged(everything(telkomsel), signers=1, holders=stolen, online=online, at=at)
        assert receiver.fetch(server.url) == REFUSED, "one holder's key makes no list"
        control = Receiver(tmp_path / "control", "telkomsel", receiver.root.read_bytes())
        server.answers = forged(everything(telkomsel), signers=2, holders=stolen, online=online, at=at)
        control.fetch(server.url)
        assert "hash" in control.said.lower(), "two would: only the thief's empty file stops this one"

        (safe / "targets-1.pem").unlink()
        keys("create", "--role", "targets", "--number", "1", "--to", str(safe / "new"))
        keys("rotate", "targets", "1", "--public", str(safe / "new" / "targets-1.pub.pem"))
        for role in ONLINE:
            keys("rotate", role)
        signed = sign_what_waits(safe, courier, by=(2, 3))
        assert sorted(name.split(".")[-2] for name in signed) == ["root", "targets", "telkomsel"], (
            "one occasion"
        )
        renew(at=jobs.now())
        assert open_requests() == []

        server.answers = everything(telkomsel)
        assert receiver.fetch(server.url) == 0, receiver.said
        assert receiver.blocked == ["6281200000001"]
        for known in (None, online):
            server.answers = forged(everything(telkomsel), signers=2, holders=stolen, online=known, at=at)
            assert receiver.fetch(server.url) == REFUSED, receiver.said
        assert receiver.blocked == ["6281200000001"]

    out = io.StringIO()
    call_command("rebuild_list", str(built.pk), stdout=out)
    assert "the same, byte for byte" in out.getvalue()
    assert queries.list_key_pem() != b""
