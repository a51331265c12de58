"""Messages about log-ins go through the outbox: a request never speaks to a mail server."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from aduan.accounts.models import User
from aduan.notifications import services
from aduan.notifications.models import OutboxMessage
from portal.common import account_mail
from portal.staff.audit_details import CHANGES
from portal.tasks.mail import deliver
from tests.portal.mailbox import sent_messages

pytestmark = pytest.mark.django_db
RESET = "/akun/password/reset/"


def test_a_reset_is_answered_while_the_mail_server_is_away_and_leaves_later(
    client: Client, budi: User, settings: Any
) -> None:
    """In 0.1.0 the page was a 500."""
    working = settings.EMAIL_BACKEND
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    assert client.post(RESET, {"email": budi.email}).status_code == 302
    assert services.send_due(deliver, at=timezone.now()).failed == 1
    settings.EMAIL_BACKEND = working
    OutboxMessage.objects.update(next_try_at=timezone.now())
    [message] = sent_messages()
    assert message.to == [budi.email]
    assert "http://127.0.0.1:8000/akun/password/reset/key/" in message.body


def test_the_link_names_the_public_address_whatever_host_was_asked(budi: User) -> None:
    Client(headers={"host": "localhost"}).post(RESET, {"email": budi.email})
    assert "localhost" not in sent_messages()[0].body


def test_an_address_without_a_log_in_gets_no_link_and_the_page_tells_nothing(
    client: Client, budi: User
) -> None:
    known = client.post(RESET, {"email": budi.email})
    unknown = client.post(RESET, {"email": "siapa@aduan.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    first, second = sent_messages()
    assert (first.to, second.to) == ([budi.email], ["siapa@aduan.example"])
    assert "/akun/" not in second.body


@pytest.mark.parametrize("change", [*CHANGES, "something_new"])
@pytest.mark.parametrize("language", ["id", "en"])
def test_every_change_of_a_log_in_is_said_in_words(budi: User, change: str, language: str) -> None:
    account_mail.enqueue_change(budi, change)
    OutboxMessage.objects.update(language=language)
    [message] = sent_messages()
    assert change not in message.body
    assert len(message.body.split("\n\n")) >= 3


def test_a_link_whose_sender_was_killed_is_sent_again_and_other_mail_is_left_to_staff(budi: User) -> None:
    """In 0.1.0 both stayed for an hour and were then given up."""
    account_mail.enqueue_password_reset(budi, "http://127.0.0.1:8000/akun/x/")
    account_mail.enqueue_change(budi, "password_set")
    later = timezone.now() + dt.timedelta(minutes=3)
    OutboxMessage.objects.update(state="sending", attempts=1, claimed_at=timezone.now())
    sent = services.send_due(deliver, at=later).sent
    assert sent == 1
    assert OutboxMessage.objects.get(kind="account_password_reset").state == "sent"
    services.send_due(deliver, at=later + dt.timedelta(hours=1))
    assert OutboxMessage.objects.get(kind="account_change").state == "unsure"


def test_a_link_that_keeps_killing_its_sender_is_given_up(budi: User) -> None:
    account_mail.enqueue_password_reset(budi, "http://127.0.0.1:8000/akun/x/")
    now = timezone.now()
    OutboxMessage.objects.update(state="sending", attempts=services.MAX_ATTEMPTS, claimed_at=now)
    services.send_due(deliver, at=now + dt.timedelta(hours=2))
    assert OutboxMessage.objects.get().state == "unsure"
