"""Mail to a platform: one thread a referral, with the signed document in it."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from aduan.blocklists.services.document_signing import sign_document
from aduan.core.periods import local_date
from aduan.notifications import services as notifications
from aduan.referrals import queries
from aduan.referrals.notice import canonical
from aduan.referrals.services.links import link_token

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from aduan.referrals.models import Referral


def thread_key(referral: Referral) -> str:
    """Key of the first message of the thread, from which its Message-ID follows."""
    return f"referral:{referral.uid}"


def send_referral(
    referral: Referral, *, ministry: Mapping[str, str], at: dt.datetime, again: bool = False
) -> bool:
    """To the published address, with the JSON and a signature over it. False without an address."""
    document = canonical(queries.notice_of(referral, ministry=ministry))
    signature = sign_document(document)
    name = f"{referral.reference}.json"
    files = [
        {"name": name, "type": "application/json", "base64": base64.b64encode(document).decode()},
        {
            "name": f"{name}.sig",
            "type": "application/octet-stream",
            "base64": base64.b64encode(signature).decode(),
        },
    ]
    kind = "referral_again" if again else "referral"
    key = f"{thread_key(referral)}:again" if again else thread_key(referral)
    return _send(referral, kind, key=key, at=at, files=files)


def send_withdrawal(referral: Referral, *, at: dt.datetime) -> bool:
    """That nothing is asked any more, in the thread. False without an address."""
    return _send(referral, "referral_withdrawn", key=f"{thread_key(referral)}:withdrawn", at=at)


def send_reply(referral: Referral, text: str, *, key: str, at: dt.datetime) -> bool:
    """What a reviewer wrote, in the thread. False without an address."""
    return _send(referral, "referral_reply", key=f"{thread_key(referral)}:{key}", at=at, text=text)


def _send(referral: Referral, kind: str, *, key: str, at: dt.datetime, **more: Any) -> bool:
    contact = queries.contact_of(referral.platform)
    if contact is None:
        return False
    first = thread_key(referral)
    context = {
        "platform": referral.platform.name,
        "reference": referral.reference,
        "account": referral.account,
        "referral": str(referral.uid),
        "token": link_token(referral.uid),
        "made_on": local_date(referral.made_at).isoformat(),
        "in_thread": first if key != first else "",
        **more,
    }
    return notifications.enqueue_message(
        kind, key=key, to=contact.referral_email, language=contact.language, context=context, at=at
    )
