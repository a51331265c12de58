"""The link in the mail of a referral: it opens this one referral and nothing else, and needs no row."""

from __future__ import annotations

import base64
import hmac
import uuid

from aduan.core import vault
from aduan.referrals.models import Referral


def link_token(uid: uuid.UUID) -> str:
    """22 characters that only the ministry can make."""
    return base64.urlsafe_b64encode(vault.derive("referral", str(uid))[:16]).rstrip(b"=").decode()


def referral_by_link(uid: uuid.UUID, token: str) -> Referral | None:
    """The referral that the link is about; None for a forged or incomplete link."""
    if not hmac.compare_digest(token.encode(), link_token(uid).encode()):
        return None
    return Referral.objects.filter(uid=uid).select_related("platform", "current").first()
