"""The lane of minutes as a process of its own: no Valkey, no beat, a cut connection, two seconds at once."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from aduan.accounts.models import User
from aduan.blocklists import queries
from aduan.blocklists.models import ListSeries
from aduan.blocklists.services import build_holds
from aduan.cases.models import CaseEvent, Hold
from aduan.core.errors import DomainError
from aduan.operators.models import Operator
from tests.database import as_administrator, database_url
from tests.factories import holds

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def lists_part(telkomsel: Operator, tmp_path: Path, own_keys: None) -> Iterator[subprocess.Popen[bytes]]:
    """The part that signs, with the test's database and a Valkey that is down. There is no beat."""
    holds.hold_rules()
    build_holds(at=timezone.now())
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "REDIS_URL": f"unix://{tmp_path}/no-valkey",
        "ADUAN_KEYS_DIR": str(tmp_path / "keys"),
        "ADUAN_PUBLISH_ROOT": str(tmp_path / "published"),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PGAPPNAME": "hold-lane",
    }
    with (tmp_path / "lists.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "portal.tasks.workers", "--only=lists"],
            env=environment,
            stdout=log,
            stderr=log,
        )
    yield process
    process.terminate()
    assert process.wait(30) == 0, (tmp_path / "lists.log").read_text()


def until(true: Callable[[], bool], log: Path, *, patience: float = 120) -> None:
    end = time.monotonic() + patience
    while not true():
        assert time.monotonic() < end, log.read_text()[-3000:]
        time.sleep(0.1)


def listed(operator: Operator) -> int:
    newest = queries.latest(operator, ListSeries.HOLD)
    return newest.count if newest else -1


def cut_connections() -> int:
    """What a restart of PostgreSQL does to the loop, without taking the other tests' server away."""
    with as_administrator() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE application_name = 'hold-lane' AND datname = current_database()"
        )
        return int(cursor.fetchone()[0])


def test_a_hold_is_published_without_valkey_and_after_the_database_went_away(
    telkomsel: Operator, budi: User, citra: User, lists_part: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    log = tmp_path / "lists.log"
    holds.held(telkomsel, first=budi, second=citra, at=timezone.now() - SECOND, founded=True)
    until(lambda: listed(telkomsel) == 1, log)
    until(lambda: cut_connections() > 0, log)
    holds.held(telkomsel, first=budi, second=citra, at=timezone.now() - SECOND, founded=True)
    until(lambda: listed(telkomsel) == 2, log)
    assert lists_part.poll() is None


def test_two_second_signatures_at_once_make_one_hold(
    telkomsel: Operator, budi: User, citra: User, agus: User
) -> None:
    holds.hold_rules()
    now = timezone.now() - 10 * SECOND
    hold = holds.proposed_hold(holds.candidate(telkomsel, at=now), by=budi, at=now)
    together, refused = threading.Barrier(2), []

    def sign(person: User, at: dt.datetime) -> None:
        together.wait()
        try:
            holds.confirmed_hold(hold, by=person, at=at)
        except DomainError as error:
            refused.append(error.code)
        finally:
            connection.close()

    moments = {citra: now + SECOND, agus: now + 2 * SECOND}
    signers = [threading.Thread(target=sign, args=one) for one in moments.items()]
    for signer in signers:
        signer.start()
    for signer in signers:
        signer.join()
    assert refused == ["already_settled"]
    assert Hold.objects.get().state == "confirmed"
    assert CaseEvent.objects.filter(action="confirm_hold").count() == 1
