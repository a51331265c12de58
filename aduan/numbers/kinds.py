"""What kinds of "number" people complain about, and what can be done about each."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _


class NumberKind(models.TextChoices):
    """The kind decides the remedy: only a domestic subscriber line can be switched off by its operator."""

    MOBILE = "mobile", _("mobile number")
    LANDLINE = "landline", _("landline")
    FOREIGN = "foreign", _("foreign number")
    SERVICE = "service", _("service number (0800, 0809, 1500xxx, 140xx)")
    SHORT_CODE = "short_code", _("short code")
    SENDER_ID = "sender_id", _("sender name")
    OTT_HANDLE = "ott_handle", _("account on a messaging platform")
    WITHHELD = "withheld", _("hidden caller")


class Remedy(models.TextChoices):
    """What the ministry can ask for, and of whom."""

    BLOCK_AT_OPERATOR = "block", _("block at the operator that holds the number")
    FILTER_INBOUND = "filter", _("filter incoming traffic at every operator")
    REFER_TO_PLATFORM = "refer", _("refer to the platform")
    RECORD_ONLY = "record", _("record only")


REMEDIES: Final[dict[NumberKind, Remedy]] = {
    NumberKind.MOBILE: Remedy.BLOCK_AT_OPERATOR,
    NumberKind.LANDLINE: Remedy.BLOCK_AT_OPERATOR,
    NumberKind.FOREIGN: Remedy.FILTER_INBOUND,
    NumberKind.SERVICE: Remedy.RECORD_ONLY,
    NumberKind.SHORT_CODE: Remedy.RECORD_ONLY,
    NumberKind.SENDER_ID: Remedy.FILTER_INBOUND,
    NumberKind.OTT_HANDLE: Remedy.REFER_TO_PLATFORM,
    NumberKind.WITHHELD: Remedy.RECORD_ONLY,
}
