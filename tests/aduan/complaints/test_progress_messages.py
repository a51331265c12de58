"""A complainant who left an address is written to once when the case moves."""

from __future__ import annotations

import pytest

from aduan.cases.models import CannedReason, Case
from aduan.complaints.services import send_progress
from aduan.notifications.models import OutboxMessage
from tests.factories.cases import dismissed
from tests.factories.complaints import complaint

pytestmark = pytest.mark.django_db


def test_one_event_is_one_message_however_often_the_round_is_made(telkomsel, budi, now):
    filed = complaint(now, contact_email="sari@example.id")
    CannedReason.objects.create(code="not-a-fraud", action="dismiss")
    dismissed(Case.objects.get(), by=budi, at=now, reason_code="not-a-fraud")
    assert [send_progress(at=now), send_progress(at=now)] == [1, 0]
    [message] = OutboxMessage.objects.filter(kind="case_dismiss")
    event = Case.objects.get().events.get(action="dismiss")
    assert (message.key, message.topic) == (f"event:{event.pk}:{filed.pk}", filed.topic)
