"""Messages through the outbox, and the codes that some of them carry."""

from aduan.notifications.services.deletion import delete_old
from aduan.notifications.services.number_codes import issue_number_code, use_number_code
from aduan.notifications.services.outbox import (
    MAX_ATTEMPTS,
    MAX_BACKOFF,
    MESSAGE_ROW,
    OutgoingMessage,
    SendStats,
    backoff_after,
    enqueue_message,
    message_id,
    note_delivery,
    resend,
    sealed_message,
    send_due,
)
from aduan.notifications.services.unsubscribing import (
    resubscribe,
    topic_of,
    unsubscribe,
    unsubscribe_token,
)
from aduan.notifications.services.verification_codes import (
    CodeTarget,
    IssuedCode,
    delete_codes,
    issue_code,
    verify_code,
)

__all__ = [
    "MAX_ATTEMPTS",
    "MAX_BACKOFF",
    "MESSAGE_ROW",
    "CodeTarget",
    "IssuedCode",
    "OutgoingMessage",
    "SendStats",
    "backoff_after",
    "delete_codes",
    "delete_old",
    "enqueue_message",
    "issue_code",
    "issue_number_code",
    "message_id",
    "note_delivery",
    "resend",
    "resubscribe",
    "sealed_message",
    "send_due",
    "topic_of",
    "unsubscribe",
    "unsubscribe_token",
    "use_number_code",
    "verify_code",
]
