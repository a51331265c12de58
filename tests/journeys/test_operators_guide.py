"""The commands of docs/operators.md, run as they stand there against a live server."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists import queries
from aduan.blocklists.models import BlockList, Download, Outcome
from aduan.cases import services
from aduan.cases.models import TraceRequest
from aduan.cases.workflow import ProposalType
from aduan.numbers.models import PhoneNumber
from aduan.operators import access_key_format
from aduan.operators.models import Operator
from tests.factories import cases as make
from tests.portal.api.conftest import key_of
from tests.portal.conftest import a_list  # noqa: F401 - a fixture

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", GUIDE, re.MULTILINE | re.DOTALL)


@pytest.fixture
def asked(telkomsel: Operator, budi: User, citra: User) -> TraceRequest:
    """A question about forged calls."""
    at = timezone.now()
    number = make.number(telkomsel, at=at, digits=6281255500001)  # none of the list's
    case = services.open_or_join(number, report=make.report(), at=at)
    make.proposed(case, by=budi, at=at, proposal_type=ProposalType.SPOOFED)
    make.signed(case, by=citra, at=at)
    return TraceRequest.objects.get(case=case, operator=telkomsel)


@pytest.mark.journey
@pytest.mark.django_db(transaction=True)
def test_an_engineer_follows_the_guide(
    live_server,
    tmp_path: Path,
    dewi: User,
    a_list: BlockList,  # noqa: F811
    asked: TraceRequest,
):
    (tmp_path / "clients").symlink_to(ROOT / "clients")
    (tmp_path / "lists.pem").write_bytes(queries.list_key_pem())
    python = tmp_path / "bin" / "python3"
    python.parent.mkdir()
    python.symlink_to(sys.executable)
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{python.parent}:/usr/local/bin:/usr/bin:/bin",
        "ADUAN_KEY": key_of(dewi),
        "ADUAN_URL": f"{live_server.url}/api/v1",
        "ADUAN_OPERATOR": "telkomsel",
        "ADUAN_PUBLIC_KEY": "lists.pem",
    }
    script = "set -eu\n" + "\n".join(blocks("sh"))
    done = subprocess.run(
        ["/bin/sh", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "state" / "current" / "block.txt").read_text().split() == (
        tmp_path / "new" / "block.txt"
    ).read_text().split()
    answers = sorted(Outcome.objects.values_list("answer", flat=True))
    assert answers == ["blocked", "blocked", "recycled"]
    assert Download.objects.filter(file="block.txt", complete=True).exists()
    asked.refresh_from_db()
    assert asked.finding == "abroad"
    assert PhoneNumber.objects.filter(in_use_since="2015-03-01").exists()


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
