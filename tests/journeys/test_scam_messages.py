"""Fifty scam messages, filed through the form by fifty people, decided, listed and downloaded.

The numbers in them are 0870 numbers, which no operator holds: those are accepted, never routed by guess, and
reach a list only after a person has said who carries them. Messages that hold nothing but a link are reported
with a sender of our own.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import altcha
import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from aduan.accounts.models import User
from aduan.accounts.roles import Role
from aduan.blocklists.models import BlockList
from aduan.blocklists.services import build_missing
from aduan.cases.models import Block, CannedReason, Case
from aduan.cases.services import propose, route_blocks, sign_off
from aduan.cases.workflow import ProposalType
from aduan.complaints.models import Complaint
from aduan.numbers.models import RoutingTask
from aduan.numbers.parsing import numbers_in
from aduan.numbers.services import settle_task
from aduan.operators.models import Operator
from tests.factories.accounts import person, step_up
from tests.factories.operators import person_of
from tests.journeys.browser_client import BrowserClient, hidden

MESSAGES = Path(settings.BASE_DIR) / "tests/data/messages.csv"

pytestmark = [
    pytest.mark.journey,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
]

# The file says loan, prize and so on; the form asks in other words.
CATEGORIES = {"loan": "PINJOL", "prize": "HADIAH"}


def test_scam_messages_become_lines_of_lists(live_server: LiveServer) -> None:
    call_command("load_reference", verbosity=0)
    with MESSAGES.open(encoding="utf-8", newline="") as file:
        messages = list(csv.DictReader(file))
    filed = [
        _file(live_server.url, message, sent_from=f"0812-0000-{1000 + turn}")
        for turn, message in enumerate(messages)
    ]
    assert Complaint.objects.count() == len(messages) == 50
    numbers = set(filed)
    unrouted = {number for number in numbers if number.startswith("+62870")}
    assert Case.objects.count() == len(numbers)

    at = timezone.now()
    budi, citra = (person(f"{name}@aduan.example", name.title(), Role.REVIEWER) for name in ("budi", "citra"))
    for turn, case in enumerate(Case.objects.order_by("pk")):
        _decide(case, budi, citra, at=at + dt.timedelta(minutes=2 * turn))
    assert Case.objects.filter(status="confirmed").count() == len(numbers)
    assert Block.objects.count() == len(numbers - unrouted)
    assert RoutingTask.objects.count() == len(unrouted) > 20

    rini = person("rini@aduan.example", "Rini", Role.ADMINISTRATOR)
    receivers = [Operator.objects.get(code=code) for code in ("telkomsel", "indosat")]
    for turn, task in enumerate(RoutingTask.objects.order_by("pk")):
        settle_task(
            task, operator=receivers[turn % 2], reason="Trial: masked numbers shared out.", by=rini, at=at
        )
    assert route_blocks(at=at + dt.timedelta(hours=3)) == len(unrouted)
    build_missing(at=at + dt.timedelta(hours=4))
    downloaded = [_download(live_server.url, receiver) for receiver in receivers]
    assert sorted(line for lines in downloaded for line in lines) == sorted(
        n.removeprefix("+") for n in numbers
    )


def _file(site: str, message: dict[str, str], *, sent_from: str) -> str:
    """Files one message as its own person would. Returns the number as it is stored."""
    found = numbers_in(message["text"])
    visitor = BrowserClient(site)
    challenge = visitor.session.get(f"{site}/lapor/tantangan/", timeout=10).json()
    visitor.send(
        "/lapor/",
        {
            "key": hidden(visitor.open("/lapor/"), "key"),
            "channel": "sms",
            "category": CATEGORIES.get(message["category"], "SPAM_PROMO"),
            "number": found[0].text if found else sent_from,
            "narrative": message["text"],
            "altcha": _work(challenge),
            "action": "send",
        },
    )
    return Complaint.objects.latest("pk").number.canonical


def _work(challenge: dict[str, object]) -> str:
    given = altcha.Challenge.from_dict(challenge)
    solution = altcha.solve_challenge(given)
    assert solution is not None
    return str(altcha.Payload(challenge=given, solution=solution).to_base64())


def _decide(case: Case, first: User, second: User, *, at: dt.datetime) -> None:
    reason = CannedReason.objects.get(code="propose-clear-fraud").code
    propose(
        case,
        by=first,
        at=at,
        step_up=step_up(first, at),
        proposal_type=ProposalType.BLOCK,
        reason_code=reason,
        seen_digest=case.contents_digest,
    )
    case.refresh_from_db()
    sign_off(
        case, by=second, at=at, step_up=step_up(second, at), agrees=True, seen_digest=case.contents_digest
    )


def _download(site: str, operator: Operator) -> list[str]:
    """Over the operators' web, as one of their people."""
    visitor = BrowserClient(site)
    visitor.log_in(person_of(operator, f"orang@{operator.code}.example", "Dewi"))
    block_list = BlockList.objects.get(operator=operator)
    assert block_list.state == "published", block_list.stop_reasons
    folder = visitor.open("/operator/").split('href="/operator/daftar/')[1].split('"')[0]
    return visitor.fetch(f"/operator/daftar/{folder}berkas/block.txt").decode().split()
