"""The commands of docs/operators.md, run as they stand there against a live server."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists import queries
from aduan.blocklists.models import BlockList, Download, Outcome
from aduan.blocklists.services import open_sandbox, refresh_sandbox
from aduan.cases import services
from aduan.cases.models import Block, TraceRequest
from aduan.cases.workflow import ProposalType
from aduan.numbers.models import PhoneNumber
from aduan.operators import access_key_format, webhooks
from aduan.operators.actors import actor_for
from aduan.operators.models import Operator
from tests.aduan.blocklists.served import client
from tests.factories import cases as make
from tests.factories.operators import person_of
from tests.nginx import free_port
from tests.portal.api.conftest import key_of
from tests.portal.conftest import a_list  # noqa: F401 - a fixture

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def asked(telkomsel: Operator, budi: User, citra: User) -> TraceRequest:
    """A real question about forged calls, which the guide must leave alone."""
    at = timezone.now()
    number = make.number(telkomsel, at=at, digits=6281255500001)  # none of the list's
    case = services.open_or_join(number, report=make.report(), at=at)
    make.proposed(case, by=budi, at=at, proposal_type=ProposalType.SPOOFED)
    make.signed(case, by=citra, at=at)
    return TraceRequest.objects.get(case=case, operator=telkomsel)


@dataclass
class Engineer:
    """Follows the guide in a folder of their own, with a key of their own."""

    folder: Path
    url: str

    def follow(self, key: str, operator: str) -> subprocess.CompletedProcess[str]:
        (self.folder / "clients").symlink_to(ROOT / "clients")
        (self.folder / "lists.pem").write_bytes(queries.list_key_pem())
        python = self.folder / "bin" / "python3"
        python.parent.mkdir()
        python.symlink_to(sys.executable)
        environment = {
            "PATH": f"{Path(sys.executable).parent}:{python.parent}:/usr/local/bin:/usr/bin:/bin",
            "ADUAN_KEY": key,
            "ADUAN_URL": f"{self.url}/api/v1",
            "ADUAN_OPERATOR": operator,
            "ADUAN_PUBLIC_KEY": "lists.pem",
        }
        command = ["/bin/sh", "-c", "set -eu\n" + "\n".join(blocks("sh"))]
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=120
        )


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_an_engineer_follows_the_guide_in_the_sandbox(
    live_server,
    tmp_path: Path,
    dewi: User,
    lina: User,
    a_list: BlockList,  # noqa: F811
    asked: TraceRequest,
):
    sandbox = open_sandbox(by=lina, at=timezone.now())
    refresh_sandbox(at=timezone.now())
    sandi = person_of(sandbox, "sandi@sandbox.example", "Sandi")
    (tmp_path / "sandbox").mkdir()
    done = Engineer(tmp_path / "sandbox", live_server.url).follow(key_of(sandi), "sandbox")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "sandbox/state/current/block.txt").read_text().split() == (
        tmp_path / "sandbox/new/block.txt"
    ).read_text().split()
    answers = sorted(Outcome.objects.values_list("answer", flat=True))
    assert answers == [*["blocked"] * 11, "recycled"]
    assert Download.objects.filter(file="block.txt", complete=True).exists()
    nothing_happened_outside(asked)


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_with_a_real_key_the_guides_lines_release_and_answer_nothing(
    live_server,
    tmp_path: Path,
    dewi: User,
    a_list: BlockList,  # noqa: F811
    asked: TraceRequest,
):
    """Seen to fail on 0.1.0: pasted as they stood, they answered "recycled" for a real number."""
    done = Engineer(tmp_path, live_server.url).follow(key_of(dewi), "telkomsel")
    assert done.returncode != 0
    assert "only in the sandbox" in done.stderr
    assert set(Outcome.objects.values_list("answer", flat=True)) == {"blocked"}
    nothing_happened_outside(asked)


def nothing_happened_outside(asked: TraceRequest) -> None:
    asked.refresh_from_db()
    assert asked.answered_at is None
    assert not Block.objects.exclude(released_at=None).exists()
    assert not PhoneNumber.objects.exclude(in_use_since=None).exists()


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_the_guides_receiver_takes_a_test_from_the_sandbox(tmp_path: Path, lina: User, settings):
    settings.WEBHOOKS_TO_LOOPBACK = True  # as `make up` does
    at = timezone.now()
    sandi = actor_for(person_of(open_sandbox(by=lina, at=at), "sandi@sandbox.example", "Sandi"))
    port = free_port()
    endpoint, secret = webhooks.register(
        sandi.operator, by=sandi, url=f"http://127.0.0.1:{port}/", events=["list.published"], at=at
    )
    (tmp_path / "receiver.py").write_text(blocks("python")[0], encoding="utf-8")
    environment = {"ADUAN_WEBHOOK_PORT": str(port), "ADUAN_WEBHOOK_SECRET": secret}
    with subprocess.Popen(
        [sys.executable, "receiver.py"], cwd=tmp_path, env=environment, stdout=subprocess.PIPE, text=True
    ) as receiver:
        try:
            until_it_listens(port)
            webhooks.send_test(endpoint, by=sandi, at=at)
            webhooks.deliver_due(at=timezone.now())
            assert receiver.stdout is not None
            assert '"webhook.test"' in receiver.stdout.readline()
        finally:
            receiver.terminate()
    assert [attempt.status for attempt in webhooks.attempts_of(sandi.operator)] == [204]


def until_it_listens(port: int) -> None:
    end = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert time.monotonic() < end, f"nothing listens on port {port}"
            time.sleep(0.05)
        else:
            return


def test_the_guides_check_of_a_webhook_takes_ours_and_no_other():
    names: dict[str, object] = {}
    exec(blocks("python")[0], names)  # noqa: S102 - the page's own example
    is_ours = names["is_ours"]
    assert callable(is_ours)
    secret, body, now = access_key_format.new_webhook_secret(), b'{"type":"list.published"}', int(time.time())
    headers = {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(now),
        "webhook-signature": access_key_format.webhook_signature(
            secret, uid="msg_1", timestamp=now, body=body
        ),
    }
    assert is_ours(secret, headers, body)
    assert not is_ours(secret, headers, body + b" ")
    assert not is_ours(access_key_format.new_webhook_secret(), headers, body)
    assert not is_ours(secret, headers | {"webhook-timestamp": str(now - 600)}, body)


def test_the_guides_table_of_exits_is_the_clients() -> None:
    table = {int(status) for status in re.findall(r"^\| (\d) \|", GUIDE, re.MULTILINE)}
    said = {int(status) for status in re.findall(r"^    (\d)  ", client.__doc__ or "", re.MULTILINE)}
    known = {
        client.OK, client.REFUSED, client.UNREACHABLE, client.STALE, client.NOT_REPORTED,
        client.THIS_MACHINE, client.NO_LIST,
    }  # fmt: skip
    assert table == said == known
