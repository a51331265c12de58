"""AZ2: random requests by operator B with everything that names A: not a byte of A comes back."""

from __future__ import annotations

import logging
import random

import pytest
from django.test import Client

from aduan.blocklists.models import BlockList
from aduan.blocklists.queries import name_of
from aduan.operators.models import AccessKey
from tests.bounds import proved
from tests.portal.api.conftest import key_of
from tests.portal.conftest import A_NUMBERS
from tests.portal.operators.conftest import at_desk
from tests.portal.test_access_matrix import MACHINE_METHODS, PAGE_METHODS, SAMPLES, concrete

# In parts, so that a long run can go on where it was interrupted.
PARTS = [pytest.param(25_000, seed, marks=pytest.mark.slow) for seed in range(8)]


@pytest.fixture
def silence():
    """A good part of the time would go into lines that no one reads."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.mark.usefixtures("silence")
@pytest.mark.parametrize(("requests", "seed"), [(120, 2026), *PARTS])
def test_nothing_of_another_operator_in_any_answer(
    dewi, eko, a_list: BlockList, b_list: BlockList, settings, requests: int, seed: int
):
    settings.API_RATES = {"read": "100000000/hour", "write": "100000000/hour"}
    dice = random.Random(seed)
    key_of(dewi)
    files = list(a_list.files.all())
    alike = set(b_list.files.values_list("sha256", flat=True))  # empty files are the same everywhere
    secrets = [*map(str, A_NUMBERS), a_list.digest, *({file.sha256 for file in files} - alike)]
    secrets += [AccessKey.objects.get().prefix, "dewi@telkomsel.example"]
    machine = Client(headers={"authorization": f"Bearer {key_of(eko)}"}, raise_request_exception=False)
    desk = at_desk(eko)
    desk.raise_request_exception = False
    names = [name_of(a_list), "2026-10-monthly-v1", "2026-10-interim-v1", "..", "0", "%00", "ALL"]
    targets = [f"{a_list.folder}/{file.sha256}.{file.name}" for file in files] + ["telkomsel/latest.json"]
    for _request in range(requests):
        interface, client = dice.choice([(MACHINE_METHODS, machine), (PAGE_METHODS, desk)])
        address = dice.choice(sorted(interface))
        if "kunci/" in address and "ganti" not in address and "cabut" not in address:
            continue  # would make keys without end
        samples = SAMPLES | {
            "name": dice.choice(names),
            "file": dice.choice(
                ["block.txt", "block.csv", "manifest.json", "manifest.json.sig", "..%2fblock.txt"]
            ),
            "path": dice.choice(targets),
            "prefix": secrets[-2],
            "pk": str(dice.randrange(1, 40)),
        }
        if "tuf/metadata" in address:
            samples["name"] = f"{dice.randrange(1, 6)}.telkomsel.json"
        query = dice.choice(
            [
                "",
                "?operator=telkomsel",
                f"?digest={a_list.digest}",
                "?kind=monthly&size=200",
                "?ordering=operator",
                "?cursor=cD0x",
            ]
        )
        headers = dice.choice(
            [
                {},
                {"range": "bytes=0-"},
                {"if-none-match": f'"sha256-{files[0].sha256}"'},
                {"x-operator": "telkomsel"},
            ]
        )
        method = dice.choice(["get", "head", interface[address].split()[-1]])
        sent = concrete(address, samples) + query
        answer = getattr(client, method)(sent, headers=headers)
        body = b"".join(answer) if answer.streaming else answer.content
        reported = (
            (body + repr(sorted(answer.headers.items())).encode())
            .decode("utf-8", "replace")
            .replace(sent, "")
        )
        echoed = sent + repr(headers)
        assert answer.status_code < 500, (method, sent)
        assert not [secret for secret in secrets if secret in reported and secret not in echoed], (
            method,
            sent,
        )
    proved(requests, f"requests of operator B for what is A's, nothing came (AZ2, part {seed})")
