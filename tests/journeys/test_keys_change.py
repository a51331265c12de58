"""Keys are changed while an operator's machine runs, and the guide's own lines follow them."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists import queries, signing
from aduan.blocklists.models import BlockList, ListType
from aduan.blocklists.services import keys
from aduan.core.periods import month_of
from aduan.operators.models import Operator
from tests.factories.blocklists import a_block, published
from tests.journeys.test_operators_guide import ROOT, blocks
from tests.portal.api.conftest import key_of
from tests.portal.conftest import a_list  # noqa: F401 - a fixture
from tests.portal.staff.login import log_in_staff

pytestmark = [pytest.mark.journey, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shell(live_server, tmp_path: Path, dewi: User, a_list: BlockList):  # noqa: F811
    (tmp_path / "clients").symlink_to(ROOT / "clients")
    (tmp_path / "lists.pem").write_bytes(queries.list_key_pem())
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "python3").symlink_to(sys.executable)
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{tmp_path}/bin:/usr/local/bin:/usr/bin:/bin",
        "ADUAN_KEY": key_of(dewi),
        "ADUAN_URL": f"{live_server.url}/api/v1",
        "ADUAN_OPERATOR": "telkomsel",
        "ADUAN_PUBLIC_KEY": "lists.pem",
    }

    def run(*scripts: str) -> str:
        done = subprocess.run(
            ["/bin/sh", "-eu", "-c", "\n".join(scripts)],
            cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    return run


def first_blocks() -> list[str]:
    """Of the guide, up to where the list has been verified by hand."""
    found = blocks("sh")
    end = next(place for place, block in enumerate(found) if "verify.sh" in block)
    return found[: end + 1]


def printed(*command: str) -> str:
    out = io.StringIO()
    call_command("keys", *command, stdout=out)
    return out.getvalue()


def test_root_and_list_keys_change_and_the_guide_follows(shell, telkomsel: Operator, budi: User, citra: User):
    before = shell(*first_blocks())
    old = queries.trust()
    assert old.list_key is not None
    assert before.count(old.list_key.value) == 3, "by openssl, by --show-trust and by verify.sh"
    assert before.count(old.roots[0].value) >= 2
    for role, number in (("root", "1"), ("root", "3"), ("lists", "1")):
        assert "rotated" in printed("rotate", role, number)
    new = queries.trust()
    assert new.list_key is not None
    assert new.list_key.value != old.list_key.value
    after = shell(*blocks("sh rotated"))
    assert f"the key of the lists has changed, its fingerprint is {new.list_key.value}" in after
    assert f"signed by the key {old.list_key.value}" in after, "the list in use was signed before the change"
    assert after.count(new.roots[0].value) == 1
    for key in new.keys:
        assert key.value in after, key.name

    at = timezone.now()
    a_block(telkomsel, by=(budi, citra), at=at, digits=6281200000099, urgent=True)
    published(telkomsel, at=at, period=month_of(at), kind=ListType.INTERIM)
    again = first_blocks()[-1].replace('"$ADUAN_PUBLIC_KEY"', "both.pem")
    assert f"signed by the key {new.list_key.value}" in shell("rm -r new", again)


def test_every_screen_and_command_shows_the_same_fingerprints(a_list, dewi: User, lina: User, client: Client):  # noqa: F811
    call_command("keys", "rotate", "root", "2", stdout=io.StringIO())
    values = {one.value for one in queries.trust().roots} | {one.value for one in queries.trust().keys}
    values.add(signing.fingerprint(keys.public(keys.LISTS)[0]))
    assert len(values) >= 2 + 8 + 1
    assert all(value in printed("list") for value in values)
    client.force_login(dewi)
    name = queries.name_of(a_list)
    for page in ("/operator/kunci/", f"/operator/daftar/{name}/"):
        text = client.get(page, follow=True).content.decode()
        assert all(value in text for value in values), page
    log_in_staff(client, lina)
    text = client.get("/kelola/daftar/").content.decode()
    assert all(value in text for value in values)
