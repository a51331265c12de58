"""Messages about lists, each once: mails to people and webhooks to operators' machines."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import translation

from aduan.accounts.models import User
from aduan.accounts.roles import Permission
from aduan.blocklists import queries
from aduan.blocklists.codes import ReminderKind, StopReason
from aduan.blocklists.models import BlockList, ClosedClock, ListSeries, SentReminder
from aduan.core.db import insert_or_ignore
from aduan.core.periods import local_date
from aduan.notifications import services as notifications
from aduan.operators.alerts import notify_managers
from aduan.operators.models import Operator
from aduan.operators.webhooks import enqueue

if TYPE_CHECKING:
    from collections.abc import Iterable

FETCH_WITHIN = dt.timedelta(hours=6)
REMINDED_AFTER = dt.timedelta(hours=20)
ESCALATED_AFTER = dt.timedelta(hours=24)
ASKED_AGAIN_AFTER = dt.timedelta(days=7)  # who answers voluntarily is asked once more, and is never late
MAIL_LANGUAGE = "id"


def published(block_list: BlockList, *, at: dt.datetime) -> None:
    """A list is there to be fetched; a removal is announced as a release as well, because it cannot wait."""
    operator, data = block_list.operator, queries.summary(block_list)
    enqueue(operator, "list.published", key=f"list:{block_list.pk}", data=data, at=at)
    if block_list.removed_count:
        enqueue(operator, "number.released", key=f"list:{block_list.pk}:removed", data=data, at=at)
    if operator.is_sandbox:
        return  # a letter every few hours helps no one
    holds = block_list.series == ListSeries.HOLD
    if holds and not block_list.added_count:
        return
    notify_managers(
        operator,
        "list_published",
        # Hold lists come within minutes of each other: machines fetch each, people get a letter a day.
        once=f"holds:{operator.pk}:{local_date(at)}" if holds else f"list:{block_list.pk}",
        at=at,
        list=queries.name_of(block_list),
        voluntary="yes" if block_list.is_voluntary else "",
        nothing_new="" if block_list.added_count else "yes",
        **_subscriber_texts(block_list),
    )


def _subscriber_texts(block_list: BlockList) -> dict[str, str]:
    """The words for subscribers, flat for a letter."""
    notice = queries.notice_of(block_list)
    if notice is None:
        return {}
    return {
        f"{kind}_{language}": notice[kind][language]
        for kind in ("announcement", "sms")
        for language in ("id", "en")
    }


def stopped(block_list: BlockList, operator: Operator, *, at: dt.datetime) -> None:
    """Tell the list managers that a list is stopped and waits for two of them."""
    _notify_list_managers("list_stopped", block_list, operator, at=at)


def remind(*, at: dt.datetime) -> int:
    """Say what runs out: to operators before the end of the clock, to the ministry after it. Each once.

    Platforms are asked again about each referral (`aduan.referrals`), not about the lists that carry it too.
    """
    sent = 0
    for block_list in queries.not_fetched(at=at, after=FETCH_WITHIN):
        if block_list.operator.kind == Operator.Kind.OTT:
            continue
        sent += _send_once(block_list, ReminderKind.NOT_FETCHED, block_list.added_count, at=at, managers=True)
    for operator in Operator.objects.filter(is_sandbox=False).order_by("pk"):
        for clock in queries.clocks_of(operator):
            if clock.open and operator.kind == Operator.Kind.OTT:
                continue
            if clock.open:
                sent += _remind_of(clock, at=at)
            else:
                insert_or_ignore(ClosedClock(block_list=clock.block_list, answered=clock.answered, at=at))
        if operator.obligation == Operator.Obligation.MANDATORY:
            sent += _differing(operator, at=at)
    return sent


def _remind_of(clock: queries.Clock, *, at: dt.datetime) -> int:
    """By obligation: who must answer is reminded and then reported; who is asked is asked again."""
    age = at - (clock.due_at - queries.CLOCK)
    if not clock.obliged:
        if age < ASKED_AGAIN_AFTER:
            return 0
        return _send_once(clock.block_list, ReminderKind.UNANSWERED, clock.open, at=at, managers=True)
    if age >= ESCALATED_AFTER:
        return _send_once(clock.block_list, ReminderKind.OVERDUE, clock.open, at=at, managers=True)
    if age >= REMINDED_AFTER:
        return _send_once(clock.block_list, ReminderKind.DUE, clock.open, at=at, managers=False)
    return 0


def _differing(operator: Operator, *, at: dt.datetime) -> int:
    """An alarm about what differs for three days: once a list, and at most every three days."""
    lately = SentReminder.objects.filter(
        block_list__operator=operator, kind=ReminderKind.DIFFERS, at__gt=at - queries.ALARMED_AFTER
    )
    if lately.exists():
        return 0
    found = queries.reconcile(operator, at=at)
    if found is None or not found.alarming(at):
        return 0
    return _send_once(found.block_list, ReminderKind.DIFFERS, found.to_be_done, at=at, managers=True)


@transaction.atomic
def _send_once(
    block_list: BlockList, kind: ReminderKind, count: int, *, at: dt.datetime, managers: bool
) -> int:
    """To the operator's managers, and with `managers` to the ministry's list managers too."""
    if not insert_or_ignore(SentReminder(block_list=block_list, kind=kind, open_count=count, at=at)):
        return 0
    operator = block_list.operator
    once = f"{kind}:{block_list.pk}"
    notify_managers(operator, kind, once=once, at=at, list=queries.name_of(block_list), count=str(count))
    if managers:
        _notify_list_managers(kind, block_list, operator, at=at)
    return 1


def _notify_list_managers(kind: str, block_list: BlockList, operator: Operator, *, at: dt.datetime) -> None:
    for person in _list_managers():
        notifications.enqueue_message(
            kind,
            key=f"{kind}:{block_list.pk}:{person.pk}",
            to=person.email,
            language=MAIL_LANGUAGE,
            context={
                "operator": operator.name,
                "list": queries.name_of(block_list),
                "reasons": _labels(block_list),
            },
            at=at,
        )


def _labels(block_list: BlockList) -> str:
    """The reasons why a list is stopped, in the language of the mail."""
    with translation.override(MAIL_LANGUAGE):
        return ", ".join(str(StopReason(reason["code"]).label) for reason in block_list.stop_reasons)


def _list_managers() -> Iterable[User]:
    return [
        person
        for person in User.objects.filter(is_active=True, roles__overlap=["list_manager"])
        if person.has_permission(Permission.RELEASE_LISTS)
    ]
