"""The description of the API is kept to the letter: schemathesis with its checks, against a live server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists.models import BlockList
from aduan.blocklists.queries import name_of
from aduan.cases.models import TraceRequest
from aduan.cases.workflow import ProposalType
from aduan.operators.models import Operator
from tests.bounds import proved
from tests.factories import referrals as make
from tests.factories.cases import confirmed
from tests.factories.operators import person_of
from tests.portal.api.conftest import key_of
from tests.portal.api.test_schema import schema_of

PROJECT = Path(__file__).resolve().parents[3]
RULES = "tests.portal.api.contract_rules"
CONFIG = Path(__file__).with_name("schemathesis.toml")
# The second also tries every boundary of the description one by one.
EXAMPLES = [(3, "fuzzing"), pytest.param((60, "coverage,fuzzing"), marks=pytest.mark.slow)]


def _known(folder: Path, **values: str) -> Path:
    """The configuration with names that exist, so that more than a 404 is tried."""
    names = (f'"path.{name}" = "{value}"' for name, value in values.items())
    config = folder / "schemathesis.toml"
    config.write_text("[parameters]\n" + "\n".join(names) + "\n\n" + CONFIG.read_text())
    return config


def _checked(config: Path, url: str, key: str, examples: tuple[int, str]) -> subprocess.CompletedProcess[str]:
    """Runs schemathesis; its exit status says whether anything differs from the description."""
    command = [
        str(Path(sys.executable).with_name("st")), "--config-file", str(config), "run",
        f"{url}/api/schema/", "--url", url,
        "--header", f"Authorization: Bearer {key}", "--mode", "all",
        "--phases", examples[1], "--max-examples", str(examples[0]), "--seed", "1", "--no-shrink",
        "--continue-on-failure", "--generation-database", "none", "--no-color",
    ]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "SCHEMATHESIS_HOOKS": RULES}
    return subprocess.run(
        command, capture_output=True, text=True, timeout=1200, cwd=config.parent, env=environment
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("examples", EXAMPLES)
def test_every_answer_is_as_described(
    live_server, tmp_path: Path, settings, a_list: BlockList, dewi: User, budi: User, citra: User,
    telkomsel: Operator, examples: tuple[int, str],
) -> None:  # fmt: skip
    settings.API_RATES = {"read": "100000000/hour", "write": "100000000/hour"}
    platform = make.platform()
    now = timezone.now()
    referral = make.referred("0812-3456-7899", at=now, by=budi, second=citra)
    confirmed(telkomsel, first=budi, second=citra, at=now, proposal_type=ProposalType.SPOOFED)
    trace = TraceRequest.objects.get(operator=telkomsel)
    names = {"name": name_of(a_list), "file": "block.txt", "uid": str(referral.uid), "id": str(trace.pk)}
    config = _known(tmp_path, **names)
    rudi = person_of(platform, "rudi@whatsapp.example", "Rudi")
    operations = sum(len(methods) for methods in schema_of()["paths"].values())
    done = [_checked(config, live_server.url, key_of(one), examples) for one in (dewi, rudi)]
    differing = [one.stdout[-12_000:] + one.stderr[-2000:] for one in done if one.returncode != 0]
    assert not differing, "\n\n".join(differing)
    for one in done:
        assert re.search(r"Tested: (\d+)", one.stdout)[1] == str(operations)  # type: ignore[index]
    proved(examples[0], "examples an operation with every check of schemathesis (A)")
