"""Referrals follow decisions: made when two people confirmed one, withdrawn when it is released."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Exists, OuterRef

from aduan.cases.models import Block
from aduan.cases.workflow import ProposalType
from aduan.core.db import insert_or_ignore
from aduan.notifications import services as notifications
from aduan.referrals import queries
from aduan.referrals.codes import uid_of_block
from aduan.referrals.models import PlatformContact, Referral
from aduan.referrals.services.outgoing import send_referral, send_withdrawal, thread_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aduan.operators.models import Operator

ASKED_AGAIN_AFTER: Final = dt.timedelta(days=7)


def follow_decisions(*, ministry: Mapping[str, str], at: dt.datetime, limit: int = 500) -> int:
    """Ask what was decided since, and withdraw what was released. Returns how many referrals are new.

    Any number of processes may do so at once: a block has at most one referral.
    """
    _withdraw(at=at, limit=limit)
    asked = Referral.objects.filter(block=OuterRef("pk"))
    wanted = Block.objects.filter(
        ~Exists(asked), requested_action=ProposalType.REFER, released_at=None, operator__is_sandbox=False
    ).select_related("case", "proposal", "operator")
    return sum(_ask(block, ministry=ministry, at=at) for block in wanted.order_by("pk")[:limit])


def remind_platforms(*, ministry: Mapping[str, str], at: dt.datetime, limit: int = 500) -> int:
    """Ask once more, in the same thread, what has not been answered for seven days. Each once.

    A platform without an address was never asked by mail, so it is not asked again.
    """
    due = (
        queries.without_a_word()
        .filter(
            asked_again_at=None,
            made_at__lte=at - ASKED_AGAIN_AFTER,
            platform__in=PlatformContact.objects.values("platform"),
        )
        .select_related("platform")
    )
    return sum(_ask_again(referral, ministry=ministry, at=at) for referral in due.order_by("pk")[:limit])


@transaction.atomic
def _withdraw(*, at: dt.datetime, limit: int) -> None:
    """Say so to whom it was mailed: who knows us by mail alone would go on acting on it."""
    released = Referral.objects.filter(withdrawn_at=None, block__released_at__isnull=False)
    for referral in (
        released.select_for_update(of=("self",)).select_related("platform").order_by("pk")[:limit]
    ):
        referral.withdrawn_at = at
        referral.save(update_fields=["withdrawn_at"])
        send_withdrawal(referral, at=at)


@transaction.atomic
def mail_what_waits(platform: Operator, *, ministry: Mapping[str, str], at: dt.datetime) -> int:
    """Once a platform's first address is known: the mails of all referrals that are still open."""
    waiting = Referral.objects.filter(platform=platform, current=None, withdrawn_at=None)
    found = waiting.select_related("platform", "case").order_by("pk")
    return sum(send_referral(referral, ministry=ministry, at=at) for referral in found)


@transaction.atomic
def _ask(block: Block, *, ministry: Mapping[str, str], at: dt.datetime) -> int:
    referral = Referral(
        uid=uid_of_block(block.pk),
        block=block,
        case=block.case,
        platform=block.operator,
        account=block.case.number_text,
        category=block.category,
        ground=block.proposal.reason_code,
        evidence=queries.summarise_evidence(block.case).as_json(),
        made_at=at,
    )
    referral.mail_id = notifications.message_id(thread_key(referral))
    if not insert_or_ignore(referral):
        return 0
    referral = Referral.objects.select_related("platform").get(uid=referral.uid)
    send_referral(referral, ministry=ministry, at=at)
    return 1


@transaction.atomic
def _ask_again(referral: Referral, *, ministry: Mapping[str, str], at: dt.datetime) -> int:
    marked = Referral.objects.filter(pk=referral.pk, asked_again_at=None, current=None, withdrawn_at=None)
    if marked.update(asked_again_at=at) != 1:
        return 0
    send_referral(referral, ministry=ministry, at=at, again=True)
    return 1
