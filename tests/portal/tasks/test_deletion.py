"""Outbox rows, finished jobs and used codes are deleted by policy; what a person must look at stays."""

from __future__ import annotations

import datetime as dt

import pytest

from aduan.core import jobs
from aduan.core.models import Job
from aduan.notifications.models import OutboxMessage, VerificationCode
from portal.tasks.tasks import purge_expired_data

pytestmark = pytest.mark.django_db
OLD, RECENT = dt.timedelta(weeks=8, days=1), dt.timedelta(weeks=7)


def message(state: str, at: dt.datetime) -> None:
    OutboxMessage.objects.create(
        key=f"{state}:{at}", kind="lead_digest", state=state, payload_encrypted=b"", next_try_at=at,
        created_at=at,
    )  # fmt: skip


def test_old_messages_go_and_those_that_need_a_person_stay() -> None:
    """In 0.1.0 no row was ever deleted."""
    now = jobs.now()
    for state in OutboxMessage.State.values:
        message(state, now - OLD)
    message("sent", now - RECENT)
    purge_expired_data()
    left = sorted(OutboxMessage.objects.values_list("state", flat=True))
    assert left == ["dead", "sending", "sent", "unsure", "waiting"]


def test_more_than_one_batch_goes() -> None:
    now = jobs.now()
    OutboxMessage.objects.bulk_create(
        OutboxMessage(
            key=f"k{number}", kind="lead_digest", state="sent", payload_encrypted=b"",
            next_try_at=now - OLD, created_at=now - OLD,
        )
        for number in range(2_001)
    )  # fmt: skip
    purge_expired_data()
    assert not OutboxMessage.objects.exists()


def test_old_codes_go_and_recent_ones_still_count_for_the_limits() -> None:
    now = jobs.now()
    for age in (OLD, RECENT, dt.timedelta(0)):
        VerificationCode.objects.create(
            purpose="contact", channel="email", subject="complaint:1", digest=b"", recipient_index=b"",
            address_index=b"", sent_at=now - age, expires_at=now - age + dt.timedelta(minutes=15),
        )  # fmt: skip
    purge_expired_data()
    assert VerificationCode.objects.count() == 2


def test_done_jobs_go_and_failed_ones_stay() -> None:
    now = jobs.now()
    for state, age in (("done", OLD), ("done", RECENT), ("failed", OLD), ("waiting", OLD)):
        ended = None if state == "waiting" else now - age
        Job.objects.create(
            kind="build_list", key=f"{state}{age}", state=state, created_at=now - age, finished_at=ended
        )
    purge_expired_data()
    assert sorted(Job.objects.values_list("state", flat=True)) == ["done", "failed", "waiting"]
