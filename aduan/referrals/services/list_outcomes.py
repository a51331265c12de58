"""Referral lists carry numbers too: an answer on either side is an answer on both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import transaction

from aduan.blocklists import queries as lists_read
from aduan.blocklists import services as lists
from aduan.blocklists.models import Outcome
from aduan.core.errors import DomainError
from aduan.operators.models import Operator
from aduan.referrals.codes import AnswerWay, PlatformAnswer
from aduan.referrals.models import Referral, ReferralAnswer

if TYPE_CHECKING:
    import datetime as dt

    from django.db.models import QuerySet

MOST_REASON: Final = 300  # characters of a reason in an outcome
# What has no counterpart stays with the referral: a list knows neither "limited" nor a question.
_TO_LIST: Final = {
    PlatformAnswer.SUSPENDED: "blocked",
    PlatformAnswer.ALREADY_SUSPENDED: "inactive",
    PlatformAnswer.NO_VIOLATION: "refused",
    PlatformAnswer.NOT_OUR_ACCOUNT: "not_ours",
}
_FROM_LIST: Final = {outcome: answer for answer, outcome in _TO_LIST.items()} | {
    "recycled": PlatformAnswer.NOT_OUR_ACCOUNT
}


def tell_list(referral: Referral, given: ReferralAnswer, *, at: dt.datetime) -> bool:
    """Report the answer on the newest referral list with the number; False where there is none."""
    digits = referral.block.digits
    outcome = _TO_LIST.get(PlatformAnswer(given.answer))
    carrying = lists_read.newest_with(referral.platform, digits) if digits and outcome else None
    if carrying is None or outcome is None:
        return False
    reason = " ".join(given.note.split())[:MOST_REASON]
    row = lists.AnswerRow(1, str(digits), outcome, min(given.acted_at, at).isoformat(), reason)
    by = given.by or given.settled_by
    try:
        with transaction.atomic():
            lists.report_outcomes(
                carrying, [row], list_digest=carrying.digest, at=at, by=by, access_key=given.access_key
            )
    except DomainError:
        return False  # a later list has taken the number off meanwhile
    return True


def exchange_with_lists(*, at: dt.datetime, limit: int = 500) -> int:
    """Take what was said on one side, list or referral, to the other. Returns how many are new."""
    platforms = Operator.objects.filter(kind=Operator.Kind.OTT, is_sandbox=False)
    said = sum(_tell_lists_of(platform, limit=limit, at=at) for platform in platforms)
    return said + _take_from_lists(platforms, limit=limit)


def _tell_lists_of(platform: Operator, *, limit: int, at: dt.datetime) -> int:
    """Report answers that were given before a list carried the number."""
    done = 0
    for clock in lists_read.clocks_of(platform):
        numbers = lists_read.open_numbers(clock.block_list, limit=limit) if clock.open else []
        answered = Referral.objects.filter(
            platform=platform,
            block__digits__in=numbers,
            withdrawn_at=None,
            current__answer__in=list(_TO_LIST),
        )
        for referral in answered.select_related("current", "platform", "block"):
            done += referral.current is not None and tell_list(referral, referral.current, at=at)
    return done


def _take_from_lists(platforms: QuerySet[Operator], *, limit: int) -> int:
    newest = (
        Outcome.objects.filter(operator__in=platforms, answer__in=_FROM_LIST)
        .select_related("report")
        .order_by("operator_id", "digits", "-reported_at", "-id")
        .distinct("operator_id", "digits")
    )
    done = 0
    for outcome in newest.iterator(chunk_size=500):
        done += _take(outcome)
        if done >= limit:
            break
    return done


@transaction.atomic
def _take(outcome: Outcome) -> int:
    referral = (
        Referral.objects.select_for_update(of=("self",))
        .filter(platform_id=outcome.operator_id, block__digits=outcome.digits, case_id=outcome.case_id)
        .select_related("current", "platform", "case")
        .order_by("-pk")
        .first()
    )
    if referral is None or referral.withdrawn_at is not None:
        return 0
    current, answer = referral.current, _FROM_LIST[outcome.answer]
    if current is not None and (current.received_at >= outcome.reported_at or current.answer == answer):
        return 0
    given = ReferralAnswer.objects.create(
        referral=referral,
        answer=answer,
        note=outcome.reason,
        acted_at=outcome.acted_at,
        way=AnswerWay.LIST,
        by_id=outcome.report.by_id,
        access_key_id=outcome.report.access_key_id,
        received_at=outcome.reported_at,
        accepted=True,
    )
    referral.current = given
    referral.save(update_fields=["current"])
    return 1
