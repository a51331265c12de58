"""AB2: people who conspire against numbers do not get them to the top, and nothing happens by itself.

A cluster is one group of people: two devices behind one network, three texts that they copy, invented losses,
no contact that they could confirm. Honest people have their own words, device and network; some confirm a
contact, and each sends a picture.
"""

from __future__ import annotations

import datetime as dt
import random
import sys
from collections.abc import Callable

import pytest

from aduan.cases.models import Block, Case, CaseEvent, Proposal
from aduan.complaints.models import Complaint
from aduan.complaints.services import confirm_contact, reindex_cases, send_code
from aduan.complaints.types import ClientIdentity, ContactWay
from tests.factories import files
from tests.factories.complaints import WORDS, complaint, sent_code

CLUSTERS, COMPLAINTS, INNOCENT, GUILTY, HONEST = 20, 1000, 50, 10, 5
MINUTE = dt.timedelta(minutes=1)


def _everywhere(choose: random.Random, turn: int) -> int:
    return choose.randrange(CLUSTERS)


def _each_its_own(choose: random.Random, turn: int) -> int:
    """A cluster falls upon its own two or three numbers."""
    return (turn % INNOCENT) * CLUSTERS // INNOCENT


def _from_number_to_number(choose: random.Random, turn: int) -> int:
    """Each cluster goes through all fifty numbers, one complaint on each."""
    return turn // INNOCENT


def _brigade(at: dt.datetime, cluster_of: Callable[[random.Random, int], int]) -> None:
    choose = random.Random(2026)
    for turn in range(COMPLAINTS):
        cluster = cluster_of(choose, turn)
        complaint(
            at + turn * dt.timedelta(seconds=40),
            f"0812-7000-{turn % INNOCENT:04d}",
            narrative=_script(cluster, choose.randrange(3)),
            loss=choose.randrange(1, 50) * 1_000_000,
            sender=ClientIdentity(
                address=f"36.{cluster}.7.{turn % 250}", device=f"brigade-{cluster}-{turn % 2}"
            ),
        )


def _script(cluster: int, which: int) -> str:
    """One of three texts that a cluster copies; no other cluster has its words in this order."""
    return " ".join(random.Random(cluster * 3 + which).choices(WORDS, k=20))


def _honest(at: dt.datetime) -> None:
    for number in range(GUILTY):
        for turn in range(HONEST):
            one = complaint(
                at + (number * HONEST + turn) * MINUTE,
                f"0813-8000-{number:04d}",
                evidence=[files.upload(files.png(files.chat(number * HONEST + turn)))],
                contact_email=f"korban{number}.{turn}@example.id",
                loss=2_000_000,
            )
            if turn % 2 == 0:
                _confirm(one, at + 12 * 60 * MINUTE)


def _confirm(one: Complaint, at: dt.datetime) -> None:
    send_code(one, way=ContactWay.EMAIL, sender=ClientIdentity(address=f"10.9.{one.pk % 250}.1"), at=at)
    assert confirm_contact(one, way=ContactWay.EMAIL, code=sent_code(), at=at)


@pytest.mark.slow
@pytest.mark.django_db
@pytest.mark.parametrize("cluster_of", [_everywhere, _each_its_own, _from_number_to_number])
def test_a_thousand_brigaded_complaints_stay_below_five_honest_ones(
    now: dt.datetime, cluster_of: Callable[[random.Random, int], int]
) -> None:
    _brigade(now, cluster_of)
    _honest(now)
    while reindex_cases(at=now + 13 * 60 * MINUTE)[0]:
        pass
    cases = {case.number_text: case for case in Case.objects.all()}
    honest = [case for text, case in cases.items() if text.startswith("+628138000")]
    innocent = [case for text, case in cases.items() if text.startswith("+628127000")]
    assert (len(honest), len(innocent)) == (GUILTY, INNOCENT)
    assert sum(case.complaint_count for case in innocent) == COMPLAINTS
    sys.stdout.write(
        f"{COMPLAINTS} brigaded, {GUILTY * HONEST} honest: lowest honest {min(c.score for c in honest)}, "
        f"highest innocent {max(c.score for c in innocent)} with "
        f"{max(c.independent_count for c in innocent)} counted as independent\n"
    )
    assert min(case.score for case in honest) > max(case.score for case in innocent)
    assert {case.status for case in cases.values()} == {"open"}
    assert set(CaseEvent.objects.values_list("action", flat=True)) == {"file"}
    assert not Proposal.objects.exists()
    assert not Block.objects.exists()
