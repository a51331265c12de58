"""Send messages of the outbox through a mail server or an SMS gateway.

Domain packages name the kind of a message; its text is a template, `templates/emails/<kind>.txt`: the first
line is the subject, paragraphs follow. The HTML part is rendered from the same paragraphs. An SMS is one
paragraph, `templates/sms/<kind>.txt`.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.smtp import EmailBackend as SmtpBackend
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import override

from aduan.notifications.models import OutboxMessage
from aduan.notifications.services import OutgoingMessage, message_id
from portal.common.owner import official_host, service_owner
from portal.tasks.smtp import LetterBackend


@contextmanager
def kept_connection() -> Iterator[Callable[[OutgoingMessage], None]]:
    """`deliver` over one connection to the server: opened by the first letter, anew after a failure.

    Where letters go into files each has a file of its own, as a connection would have.
    """
    if not isinstance(get_connection(), SmtpBackend):
        yield deliver
        return
    server = LetterBackend()

    def deliver_over_it(letter: OutgoingMessage) -> None:
        try:
            deliver(letter, server=server)
        except Exception:
            server.close()
            raise

    try:
        yield deliver_over_it
    finally:
        server.close()


def deliver(letter: OutgoingMessage, *, server: LetterBackend | None = None) -> None:
    """Sends one message to one address.

    Raises when the mail server or the gateway did not accept it.
    """
    if letter.channel == OutboxMessage.Channel.SMS:
        gateway = import_string(settings.SMS_GATEWAY)
        gateway(letter.to, render_sms(letter), letter.reference)
        return
    message = build_email(letter)
    if server is not None:
        server.send_letter(message)
    elif message.send() != 1:
        raise ConnectionError("the mail server took nothing")


def build_email(letter: OutgoingMessage) -> EmailMultiAlternatives:
    subject, paragraphs = render_text(letter)
    off = _absolute("public:unsubscribe_link", letter.unsubscribe_token) if letter.unsubscribe_token else ""
    headers = {"Message-ID": message_id(letter.key), "Auto-Submitted": "auto-generated"}
    if off:  # RFC 8058: the mail program switches off without opening a page
        headers |= {"List-Unsubscribe": f"<{off}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}
    if first := letter.context.get("in_thread"):
        headers |= {"In-Reply-To": message_id(first), "References": message_id(first)}
    with override(letter.language):
        page = {
            "subject": subject,
            "paragraphs": paragraphs,
            "code": letter.context.get("code", ""),
            "off": off,
            "owner": service_owner(),
            "our_messages": _absolute("public:our_messages"),
        }
        html = render_to_string("emails/message.html", page)
        text = render_to_string("emails/message.txt", page)
    reply_to = [settings.REFERRAL_MAILBOX] if "referral" in letter.context else None
    message = EmailMultiAlternatives(subject, text, to=[letter.to], headers=headers, reply_to=reply_to)
    message.attach_alternative(html, "text/html")
    for file in letter.context.get("files", ()):
        message.attach(file["name"], base64.b64decode(file["base64"]), file["type"])
    return message


def render_sms(letter: OutgoingMessage) -> str:
    """One paragraph that names its sender, purpose, page and validity, in the language of the recipient."""
    with override(letter.language):
        text = render_to_string(f"sms/{letter.kind}.txt", {**letter.context, "host": official_host()})
    return " ".join(text.split())


def render_text(letter: OutgoingMessage) -> tuple[str, list[str]]:
    """Subject and paragraphs in the language of the recipient."""
    with override(letter.language):
        text = render_to_string(
            f"emails/{letter.kind}.txt", {**letter.context, "link": _link(letter.context)}
        )
    subject, _newline, body = text.strip().partition("\n")
    blocks = (" ".join(block.split()) for block in body.split("\n\n"))
    return subject.strip(), [block for block in blocks if block]


def _link(context: dict[str, Any]) -> str:
    if "incident" in context:
        return _absolute("staff:incidents")
    if "referral" in context:
        return _absolute("public:referral_link", context["referral"], context["token"])
    if "secret" not in context:
        return str(context.get("link", ""))
    if "objection" in context:
        return _absolute("public:objection_link", context["objection"], context["secret"])
    return _absolute("public:progress_link", context["ticket"], context["secret"])


def _absolute(name: str, *args: str) -> str:
    return f"{settings.PUBLIC_URL}{reverse(name, args=args)}"
