"""What the mail task sends, in a test that has no worker."""

from __future__ import annotations

from django.core import mail
from django.core.mail import EmailMessage
from django.utils import timezone

from aduan.notifications import services
from portal.tasks.mail import deliver


def sent_messages() -> list[EmailMessage]:
    """Everything that was sent, after one run of the outbox."""
    assert mail.outbox == [], "a request sent mail by itself"
    services.send_due(deliver, at=timezone.now())
    return list(mail.outbox)
