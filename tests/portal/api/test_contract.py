"""The description of the API is kept to the letter: schemathesis with its checks, against a live server."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists.models import BlockList
from aduan.operators.models import Operator
from tests.bounds import proved
from tests.factories import referrals as make
from tests.factories.operators import person_of
from tests.portal.api.conftest import key_of
from tests.portal.api.test_schema import schema_of

CONFIG = Path(__file__).with_name("schemathesis.toml")
# The second also tries every boundary of the description one by one.
EXAMPLES = [(3, "fuzzing"), pytest.param((60, "coverage,fuzzing"), marks=pytest.mark.slow)]


def _checked(url: str, key: str, examples: tuple[int, str], folder: Path) -> str:
    """What schemathesis says; raises with its whole report when anything differs from the description."""
    command = [
        str(Path(sys.executable).with_name("st")), "--config-file", str(CONFIG), "run",
        f"{url}/api/schema/", "--url", url,
        "--header", f"Authorization: Bearer {key}", "--mode", "all",
        "--phases", examples[1], "--max-examples", str(examples[0]), "--seed", "1", "--no-shrink",
        "--continue-on-failure", "--generation-database", "none", "--no-color",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, timeout=1200, cwd=folder)
    assert done.returncode == 0, done.stdout[-12_000:] + done.stderr[-2000:]
    return done.stdout


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("examples", EXAMPLES)
def test_every_answer_is_as_described(
    live_server, tmp_path: Path, settings, a_list: BlockList, dewi: User, budi: User, citra: User,
    telkomsel: Operator, examples: tuple[int, str],
) -> None:  # fmt: skip
    settings.API_RATES = {"read": "100000000/hour", "write": "100000000/hour"}
    platform = make.platform()
    make.referred("0812-3456-7899", at=timezone.now(), by=budi, second=citra)
    rudi = person_of(platform, "rudi@whatsapp.example", "Rudi")
    operations = sum(len(methods) for methods in schema_of()["paths"].values())
    for key in (key_of(dewi), key_of(rudi)):
        said = _checked(live_server.url, key, examples, tmp_path)
        assert re.search(r"Tested: (\d+)", said)[1] == str(operations)  # type: ignore[index]
    proved(examples[0], "examples an operation with every check of schemathesis (A)")
