"""The one-click link of a letter: it stops the messages about one topic."""

from __future__ import annotations

import base64
import datetime as dt
import hmac

from django.utils.translation import gettext_lazy as _

from aduan.core import vault
from aduan.core.errors import Invalid
from aduan.notifications.models import Unsubscribe


def unsubscribe_token(topic: str) -> str:
    """What the one-click link carries. Needs no row and never expires."""
    return f"{topic}.{_signature(topic)}"


def unsubscribe(token: str, *, at: dt.datetime) -> str:
    """Stop messages about a topic; idempotent. Returns the topic. Raises Invalid for a forged token."""
    topic = topic_of(token)
    Unsubscribe.objects.get_or_create(topic=topic, defaults={"at": at})
    return topic


def resubscribe(token: str) -> str:
    """Send messages about the topic again. Returns the topic. Raises Invalid for a forged token."""
    topic = topic_of(token)
    Unsubscribe.objects.filter(topic=topic).delete()
    return topic


def topic_of(token: str) -> str:
    """What the link in a message is about. Raises Invalid for a forged token."""
    topic, _dot, signature = token.rpartition(".")
    if not topic or not hmac.compare_digest(signature.encode(), _signature(topic).encode()):
        raise Invalid("unsubscribe_token_unknown", _("This link is not complete. Please copy all of it."))
    return topic


def _signature(topic: str) -> str:
    return base64.urlsafe_b64encode(vault.derive("off", topic)[:16]).rstrip(b"=").decode()
