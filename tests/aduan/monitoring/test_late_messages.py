"""A letter is late from when it was first due: pauses between tries hid a mail server that refused all."""

from __future__ import annotations

import contextlib
import datetime as dt
import smtplib
from collections.abc import Callable

import pytest

from aduan.core import jobs
from aduan.core.models import Job
from aduan.monitoring.conditions import Condition, thresholds
from aduan.monitoring.figures import exported_figures
from aduan.monitoring.queries import findings
from aduan.notifications.models import OutboxMessage
from aduan.notifications.services import OutgoingMessage, enqueue_message, resend, send_due

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def three_minutes(settings) -> None:
    settings.MONITORING = {"outbox_minutes": 3}


def _post(to: str, at: dt.datetime, channel: str = "email") -> None:
    enqueue_message("contact_code", key=to, to=to, language="id", context={}, at=at, channel=channel)


def _refusing(error: Exception, *, only: str = "") -> Callable[[OutgoingMessage], None]:
    def deliver(message: OutgoingMessage) -> None:
        if only in message.to:
            raise error

    return deliver


def _late(at: dt.datetime) -> int:
    found = {one.condition: one.amount for one in findings(at=at, limits=thresholds())}
    ages = {figure.name: figure.values for figure in exported_figures(at=at)}
    alerted = ages.get("outbox_oldest_seconds", {}).get("", 0) > 3 * 60
    assert alerted == (Condition.OUTBOX_LATE in found), "Prometheus and the incident say the same"
    return found.get(Condition.OUTBOX_LATE, 0)


_NO_SUCH = smtplib.SMTPRecipientsRefused({"siti@example.id": (550, b"no such mailbox")})


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(111, "refused"),
        smtplib.SMTPConnectError(421, b"come later"),
        smtplib.SMTPDataError(554, b"no"),
        smtplib.SMTPRecipientsRefused({"siti@example.id": (451, b"later")}),
        TimeoutError(),
        ConnectionError("the SMS gateway answered 503"),
    ],
)
def test_a_carrier_that_refuses_for_minutes_is_an_incident_until_the_letter_left(error, now: dt.datetime):
    _post("siti@example.id", now)
    late = []
    for minutes in range(6):  # as the worker does, all the time
        send_due(_refusing(error), at=now + minutes * MINUTE)
        late.append(_late(now + minutes * MINUTE + MINUTE / 2))
    assert late == [0, 0, 0, 1, 1, 1]
    send_due(_refusing(error, only="nobody"), at=now + 30 * MINUTE)
    assert _late(now + 31 * MINUTE) == 0


def test_a_letter_that_no_one_tries_is_late(now: dt.datetime):
    _post("siti@example.id", now)
    assert (_late(now + 2 * MINUTE), _late(now + 4 * MINUTE)) == (0, 1)


@pytest.mark.parametrize(
    ("error", "channel"), [(_NO_SUCH, "email"), (ConnectionError("the SMS gateway answered 400"), "sms")]
)
def test_one_mistyped_recipient_is_no_incident_while_others_get_theirs(error, channel, now: dt.datetime):
    for name in ("siti", "budi"):
        _post(f"{name}@example.id", now, channel)
    send_due(_refusing(error, only="siti"), at=now)
    assert OutboxMessage.objects.get(key="siti@example.id").state == "waiting"
    assert _late(now + 4 * MINUTE) == 0


def test_what_left_by_another_channel_or_before_proves_nothing(now: dt.datetime):
    _post("budi@example.id", now)
    _post("siti@example.id", now)
    _post("0812", now, "sms")
    send_due(_refusing(_NO_SUCH, only="siti"), at=now)
    assert _late(now + 4 * MINUTE) == 1


def test_a_letter_that_a_person_lets_go_again_is_due_from_then_on(now: dt.datetime):
    _post("siti@example.id", now - 1000 * MINUTE)
    OutboxMessage.objects.update(state="dead", attempts=8)
    resend(OutboxMessage.objects.get(), at=now)
    assert (_late(now + 2 * MINUTE), _late(now + 4 * MINUTE)) == (0, 1)


def test_the_age_of_a_job_that_is_tried_again_counts_from_when_it_was_first_due(now: dt.datetime):
    jobs.enqueue("build_list", "telkomsel/2026-10-01/monthly-v1", at=jobs.now() - 5 * MINUTE)
    with contextlib.suppress(OSError), jobs.lease("build_list", Job.objects.get().key):
        raise OSError
    ages = {figure.name: figure.values for figure in exported_figures(at=jobs.now())}
    assert ages["jobs_oldest_seconds"][""] >= 300
